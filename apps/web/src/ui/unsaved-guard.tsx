import { useBlocker } from '@tanstack/react-router'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { leaving } from '../strings/leaving.ts'
import { DialogBox } from './dialog-box.tsx'

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
  return (
    <DialogBox
      title={leaving.title}
      onClose={reset}
      foot={
        <>
          <Button onClick={reset}>{leaving.stay}</Button>
          <Button variant="link" onClick={proceed}>
            {leaving.leave}
          </Button>
        </>
      }
    >
      <p>{what}</p>
    </DialogBox>
  )
}
