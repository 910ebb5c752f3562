import { failureWords } from '../../../data/failure-words.ts'
import { bulk } from '../../../strings/bulk.ts'
import { resize } from '../../../strings/resize.ts'
import { formatCount } from '../../../ui/number-words.ts'
import type { BulkVerdict } from './bulk-verdict.ts'

/** What the command would do to one machine, or why it leaves it alone. */
export function VerdictWords({ verdict }: { verdict: BulkVerdict }) {
  switch (verdict.kind) {
    case 'already':
      return <span className="cs-quiet">{bulk.already}</span>
    case 'asking':
      return <span className="cs-quiet">{bulk.asking}</span>
    case 'unknown':
      return <span className="cs-field__error">{failureWords(verdict.error).title}</span>
    case 'refused':
      return (
        <>
          {bulk.notAllowed} {verdict.reasons.join(' ')}
        </>
      )
    case 'possible': {
      const { plan, concerns } = verdict
      return (
        <>
          <b>{resize.fromTo(formatCount(plan.from.sockets), formatCount(plan.to.sockets))}</b>
          {plan.now.length > 0 && `: ${plan.now.join(', ')}`}
          {concerns.length > 0 && <span className="cs-bulk__concern"> {concerns.join(' ')}</span>}
        </>
      )
    }
  }
}
