interface CheckProps {
  readonly label: string
  readonly hint?: string
  readonly checked: boolean
  readonly onChange: (on: boolean) => void
}

/** A labelled yes or no. */
export function Check({ label, hint, checked, onChange }: CheckProps) {
  return (
    <label className="cs-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className="cs-field__hint"> {hint}</span>}
      </span>
    </label>
  )
}
