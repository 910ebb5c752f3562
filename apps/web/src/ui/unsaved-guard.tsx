import { useBlocker } from '@tanstack/react-router'
import { useEffect, useId, useRef } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { leaving } from '../strings/leaving.ts'
import './unsaved-guard.css'

interface UnsavedGuardProps {
  /** Whether there is something that would be lost. */
  readonly when: boolean
  /** A sentence that says what. */
  readonly what: string
}

/**
 * Asks before a person leaves the screen, or closes the tab, with something that they have not sent or saved. Another
 * view of the same screen is no leaving.
 */
export function UnsavedGuard({ when, what }: UnsavedGuardProps) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: () => when,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return <LeaveDialog what={what} onLeave={proceed} onStay={reset} />
}

interface LeaveDialogProps {
  readonly what: string
  readonly onLeave: () => void
  readonly onStay: () => void
}

function LeaveDialog({ what, onLeave, onStay }: LeaveDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className="cs-leave"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      // The escape key.
      onCancel={onStay}
    >
      <h2 id={`${id}-title`} className="cs-leave__title">
        {leaving.title}
      </h2>
      <p id={`${id}-text`}>{what}</p>
      <div className="cs-buttons">
        <Button onClick={onStay}>{leaving.stay}</Button>
        <Button variant="link" onClick={onLeave}>
          {leaving.leave}
        </Button>
      </div>
    </dialog>
  )
}
