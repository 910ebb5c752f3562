import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { formatDuration } from '@coreshift/shared'
import type { AuditEntry } from '@coreshift/shared/contract'
import { AuditLine } from '../../domain/audit-line.tsx'
import { audit } from '../../strings/audit.ts'

/** A line of the diary; pressing it shows what else is known. */
export const DiaryEntry = memo(function DiaryEntry({ entry }: { entry: AuditEntry }) {
  const f = audit.fields
  return (
    <li className="cs-diary__entry" data-audit={entry.id} data-action={entry.action}>
      <details>
        <summary>
          <AuditLine entry={entry} showVm />
        </summary>
        <dl className="cs-pairs">
          <dt>{audit.entryNumber(entry.id)}</dt>
          <dd>{entry.at}</dd>
          <dt>{f.action}</dt>
          <dd>{entry.action}</dd>
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
              <dd>{entry.operation}</dd>
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
      </details>
    </li>
  )
})
