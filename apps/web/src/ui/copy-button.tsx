import { useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { copying } from '../strings/copying.ts'

interface CopyButtonProps {
  readonly label: string
  readonly text: () => string
}

/** Copies a text. Browsers offer the clipboard to secure pages only: elsewhere it says that it could not. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  const copy = () => {
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (!clipboard) return setOutcome('failed')
    clipboard.writeText(text()).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  }
  return (
    <>
      <Button variant="link" isInline onClick={copy}>
        {label}
      </Button>{' '}
      <span role="status">{outcome && copying[outcome]}</span>
    </>
  )
}
