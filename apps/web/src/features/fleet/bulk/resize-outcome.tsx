import { Link } from '@tanstack/react-router'
import type { Operation } from '@coreshift/shared/contract'
import { failureWords } from '../../../data/failure-words.ts'
import { useOperation } from '../../../domain/use-operation.ts'
import { bulk } from '../../../strings/bulk.ts'
import type { Outcome } from './run-each.ts'

/** What became of one machine's resize; an accepted one is followed until it ends. */
export function ResizeOutcome({ outcome }: { outcome: Outcome<Operation> | undefined }) {
  switch (outcome?.kind) {
    case 'running':
      return <span className="cs-quiet">{bulk.asked}</span>
    case 'done':
      return <Followed operation={outcome.result} />
    case 'failed': {
      const { title, text } = failureWords(outcome.error)
      return (
        <span className="cs-field__error">
          {title}: {text}
        </span>
      )
    }
    default:
      return <span className="cs-quiet">{bulk.waitingTurn}</span>
  }
}

function Followed({ operation }: { operation: Operation }) {
  const now = useOperation(operation.id).operation ?? operation
  return (
    <span data-operation-state={now.state}>
      {now.sentence}{' '}
      <Link to="/resizes/$id" params={{ id: now.id }} aria-label={`${bulk.openResize}: ${now.vmName}`}>
        {bulk.openResize}
      </Link>
    </span>
  )
}
