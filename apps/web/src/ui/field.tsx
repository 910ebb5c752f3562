import { useId } from 'react'
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/TextInput.js'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'password' | 'search' | 'datetime-local' | 'date' | 'number'
  readonly hint?: string
  readonly error?: string | undefined
  readonly autoComplete?: string
  readonly autoFocus?: boolean
  readonly placeholder?: string
  /** The focus goes elsewhere. */
  readonly onLeave?: () => void
}

/** A labelled input with its hint, which gives way to the error. */
export function Field({ label, value, onChange, type = 'text', hint, error, onLeave, ...rest }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className="cs-field">
      <label htmlFor={id} className="cs-field__label">
        {label}
      </label>
      <TextInput
        id={id}
        type={type}
        value={value}
        onChange={(_, next) => onChange(next)}
        validated={error ? 'error' : 'default'}
        aria-invalid={error !== undefined}
        {...(onLeave ? { onBlur: onLeave } : {})}
        {...(note ? { 'aria-describedby': `${id}-note` } : {})}
        {...rest}
      />
      {note && (
        <p id={`${id}-note`} className={error ? 'cs-field__error' : 'cs-field__hint'}>
          {note}
        </p>
      )}
    </div>
  )
}
