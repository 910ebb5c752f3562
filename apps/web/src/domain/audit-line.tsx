import type { AuditEntry } from '@coreshift/shared/contract'
import { clockTime, wholeInstant } from '../ui/time-words.ts'
import { audit } from '../strings/audit.ts'

const OUTCOME_SIGN: Record<AuditEntry['outcome'], string> = {
  started: '→',
  done: '✓',
  partial: '◐',
  failed: '✕',
  refused: '✕',
  info: '·',
}

/** One entry as a line of a diary: when, who, what. */
export function AuditLine({ entry, showVm }: { entry: AuditEntry; showVm: boolean }) {
  return (
    <span className={`cs-diary__line cs-diary__line--${entry.outcome}`}>
      <time dateTime={entry.at} title={wholeInstant(entry.at)} className="cs-diary__time cs-figures">
        {clockTime(entry.at)}
      </time>
      <span className="cs-diary__sign" aria-hidden="true">
        {OUTCOME_SIGN[entry.outcome]}
      </span>
      <span className="cs-diary__text">
        <span className="pf-v6-screen-reader">{audit.outcomes[entry.outcome]}: </span>
        <span className="cs-diary__actor">{audit.actor(entry.actor)}</span>{' '}
        {showVm && entry.vmName && <span className="cs-diary__vm">{entry.vmName} </span>}
        {entry.message}
      </span>
    </span>
  )
}
