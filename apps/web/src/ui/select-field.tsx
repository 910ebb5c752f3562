import { useId } from 'react'

interface SelectFieldProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly choices: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
  readonly hint?: string
}

/** A labelled choice of one among several. */
export function SelectField<Value extends string>({
  label,
  value,
  choices,
  onChange,
  hint,
}: SelectFieldProps<Value>) {
  const id = useId()
  return (
    <div className="cs-field">
      <label htmlFor={id} className="cs-field__label">
        {label}
      </label>
      <select
        id={id}
        className="cs-select"
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          const next = choices.find((choice) => choice.value === event.target.value)
          if (next) onChange(next.value)
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="cs-field__hint">
          {hint}
        </p>
      )}
    </div>
  )
}
