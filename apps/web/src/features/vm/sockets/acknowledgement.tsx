import { useId } from 'react'
import { resize } from '../../../strings/resize.ts'
import './acknowledgement.css'

interface AcknowledgementProps {
  readonly reason: string | undefined
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

/** The word of a person that they know what has not been tried. Recorded with the resize. */
export function Acknowledgement({ reason, checked, onChange }: AcknowledgementProps) {
  const id = useId()
  return (
    <div className="cs-acknowledge">
      {reason && <p id={`${id}-why`}>{reason}</p>}
      <label className="cs-check">
        <input
          type="checkbox"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={reason ? `${id}-why` : undefined}
        />
        {resize.acknowledge}
      </label>
    </div>
  )
}
