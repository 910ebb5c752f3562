import type { AuditEntry } from '@coreshift/shared/contract'
import { Instant } from '../ui/instant.tsx'
import { audit } from '../strings/audit.ts'

const OUTCOME_SIGN: Record<AuditEntry['outcome'], string> = {
  started: '→',
  done: '✓',
  partial: '◐',
  failed: '✕',
  refused: '✕',
  info: '·',
}

interface AuditLineProps {
  readonly entry: AuditEntry
  readonly showVm: boolean
  /** With the day where the lines around it do not say it. */
  readonly time?: 'clock' | 'day-time'
}

/** One entry as a line of a diary: when, who, what. */
export function AuditLine({ entry, showVm, time = 'clock' }: AuditLineProps) {
  return (
    <span className={`cs-diary__line cs-diary__line--${entry.outcome}`}>
      <Instant at={entry.at} form={time} className="cs-diary__time" />
      <span className="cs-diary__sign" aria-hidden="true">
        {OUTCOME_SIGN[entry.outcome]}
      </span>
      <span className="cs-diary__text">
        <span className="pf-v6-screen-reader">{audit.outcomes[entry.outcome]}: </span>
        {showVm && entry.vmName && !entry.message.includes(entry.vmName) && (
          <span className="cs-diary__vm">{entry.vmName} </span>
        )}
        <Sentence entry={entry} />
      </span>
    </span>
  )
}

/** The sentence of the entry; the one who did it stands out where it begins with them, else at its end. */
function Sentence({ entry }: { entry: AuditEntry }) {
  const actor = audit.actor(entry.actor)
  const { message } = entry
  if (message.startsWith(`${entry.actor.name} `)) {
    return (
      <>
        <b>{entry.actor.name}</b>
        {message.slice(entry.actor.name.length)}
      </>
    )
  }
  return (
    <>
      {message} <span className="cs-quiet">· {actor}</span>
    </>
  )
}
