import { Link } from '@tanstack/react-router'
import { memo, useState } from 'react'
import { formatDuration } from '@coreshift/shared'
import type { AuditEntry } from '@coreshift/shared/contract'
import { AuditLine } from '../../domain/audit-line.tsx'
import { audit } from '../../strings/audit.ts'
import { useTimeWords } from '../../ui/instant.tsx'

/** A line of the diary; pressing it shows what else is known. */
export const DiaryEntry = memo(function DiaryEntry({ entry }: { entry: AuditEntry }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <li className="cs-diary__entry" data-audit={entry.id} data-action={entry.action}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <AuditLine entry={entry} showVm />
        </summary>
        {isOpen && <EntryDetails entry={entry} />}
      </details>
    </li>
  )
})

function EntryDetails({ entry }: { entry: AuditEntry }) {
  const f = audit.fields
  const { wholeInstant } = useTimeWords()
  return (
    <>
      <dl className="cs-pairs">
        <dt>{audit.entryNumber(entry.id)}</dt>
        <dd>{wholeInstant(entry.at)}</dd>
        <dt>{f.action}</dt>
        <dd>
          <Link to="/audit" search={{ action: entry.action }}>
            {entry.action}
          </Link>
        </dd>
        {entry.vm && (
          <>
            <dt>{audit.machine}</dt>
            <dd>
              <Link to="/vms/$uuid" params={{ uuid: entry.vm }}>
                {entry.vmName ?? entry.vm}
              </Link>
            </dd>
          </>
        )}
        {entry.actor.address && (
          <>
            <dt>{f.address}</dt>
            <dd>{entry.actor.address}</dd>
          </>
        )}
        {entry.durationMs !== undefined && (
          <>
            <dt>{f.duration}</dt>
            <dd>{formatDuration(entry.durationMs)}</dd>
          </>
        )}
        {entry.operation && (
          <>
            <dt>{f.operation}</dt>
            <dd>
              <Link to="/resizes/$id" params={{ id: entry.operation }}>
                {audit.everyStep}
              </Link>
            </dd>
          </>
        )}
        {entry.requestId && (
          <>
            <dt>{f.request}</dt>
            <dd>{entry.requestId}</dd>
          </>
        )}
        <dt>{f.hash}</dt>
        <dd>
          <code>{entry.hash}</code>
        </dd>
      </dl>
      {entry.detail && <pre className="cs-detail">{JSON.stringify(entry.detail, undefined, 2)}</pre>}
    </>
  )
}
