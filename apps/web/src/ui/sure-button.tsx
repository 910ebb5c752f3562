import { useId, useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'

interface SureButtonProps {
  readonly label: string
  /** Named where the label alone does not say what it belongs to. */
  readonly ariaLabel?: string
  /** What will be lost, as a question or a sentence. */
  readonly question: string
  readonly yes: string
  readonly no: string
  readonly isBusy?: boolean
  readonly onYes: () => void
}

/** A button for what cannot be undone: the second press, beside the question, does it. */
export function SureButton({ label, ariaLabel, question, yes, no, isBusy = false, onYes }: SureButtonProps) {
  const [asking, setAsking] = useState(false)
  const id = useId()
  if (!asking) {
    return (
      <Button variant="link" isInline aria-label={ariaLabel ?? label} onClick={() => setAsking(true)}>
        {label}
      </Button>
    )
  }
  return (
    <span className="cs-buttons cs-sure-inline" role="group" aria-labelledby={id}>
      <span id={id}>{question}</span>
      <Button variant="danger" size="sm" autoFocus onClick={onYes} isDisabled={isBusy}>
        {yes}
      </Button>
      <Button variant="link" size="sm" onClick={() => setAsking(false)}>
        {no}
      </Button>
    </span>
  )
}
