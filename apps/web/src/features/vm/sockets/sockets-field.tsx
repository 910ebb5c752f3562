import { useId } from 'react'
import type { SteadyVm } from '../steady-vm.ts'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/TextInput.js'
import { resize } from '../../../strings/resize.ts'
import { shapeWords } from './socket-shape.ts'
import type { DraftValue } from './sockets-draft.ts'
import './sockets-field.css'

interface SocketsFieldProps {
  readonly vm: SteadyVm
  /** The form that enter sends. */
  readonly formId: string
  readonly text: string
  readonly maximum: number
  readonly value: DraftValue
  readonly onChange: (text: string) => void
}

/** The number itself, with steps. */
export function SocketsField({ vm, formId, text, maximum, value, onChange }: SocketsFieldProps) {
  const id = useId()
  const sockets = value.kind === 'sockets' ? value.sockets : undefined
  const problem =
    value.kind === 'not-a-number'
      ? resize.notANumber(maximum)
      : value.kind === 'too-many'
        ? resize.tooMany(maximum)
        : undefined
  const step = (by: number) => onChange(String(Math.min(maximum, Math.max(1, (sockets ?? 1) + by))))
  return (
    <div className="cs-sockets">
      <label htmlFor={id} className="cs-sockets__label">
        {resize.sockets}
      </label>
      <div className="cs-sockets__input">
        <Button
          variant="control"
          aria-label={resize.fewer}
          onClick={() => step(-1)}
          isDisabled={(sockets ?? 2) <= 1}
        >
          −
        </Button>
        <TextInput
          id={id}
          form={formId}
          type="number"
          inputMode="numeric"
          min={1}
          max={maximum}
          step={1}
          value={text}
          onChange={(_, next) => onChange(next)}
          validated={problem ? 'error' : 'default'}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
        />
        <Button
          variant="control"
          aria-label={resize.more}
          onClick={() => step(1)}
          isDisabled={(sockets ?? 0) >= maximum}
        >
          +
        </Button>
      </div>
      <p
        id={`${id}-note`}
        className={problem ? 'cs-field__error' : 'cs-field__hint'}
        role={problem ? 'alert' : undefined}
      >
        {problem ?? `${resize.maximum(maximum)} · ${resize.shapeOfSocket(shapeWords(vm.topology))}`}
      </p>
    </div>
  )
}
