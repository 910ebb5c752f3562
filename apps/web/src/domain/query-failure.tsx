import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { failureWords } from '../data/failure-words.ts'
import { failures } from '../strings/failures.ts'
import { FailureView } from '../ui/failure-view.tsx'
import { Notice } from '../ui/notice.tsx'

/** A screen or card whose data did not come. */
export function QueryFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, text } = failureWords(error)
  return <FailureView title={title} text={text} retryLabel={failures.tryAgain} onRetry={onRetry} />
}

/** A command that failed, beside the button that gave it. */
export function CommandFailure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, text } = failureWords(error)
  return (
    <Notice
      tone="danger"
      title={title}
      live="alert"
      actions={
        onRetry && (
          <Button variant="link" isInline onClick={onRetry}>
            {failures.tryAgain}
          </Button>
        )
      }
    >
      {text}
    </Notice>
  )
}
