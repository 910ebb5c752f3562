interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

interface ChoiceGroupProps<Value extends string> {
  readonly name: string
  readonly label: string
  readonly value: Value
  readonly choices: readonly Choice<Value>[]
  readonly onChange: (value: Value) => void
}

/** A few choices that exclude each other, all in sight. */
export function ChoiceGroup<Value extends string>({
  name,
  label,
  value,
  choices,
  onChange,
}: ChoiceGroupProps<Value>) {
  return (
    <div role="radiogroup" aria-labelledby={`${name}-label`} className="cs-choices">
      <p id={`${name}-label`} className="cs-choices__label">
        {label}
      </p>
      {choices.map((choice) => (
        <label key={choice.value} className="cs-check">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>
            {choice.label}
            {choice.hint && choice.value === value && <span className="cs-field__hint"> {choice.hint}</span>}
          </span>
        </label>
      ))}
    </div>
  )
}
