import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { AuditLine } from '../../domain/audit-line.tsx'
import { vmPage } from '../../strings/vm.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { useVmHistory } from './use-vm.ts'
import './vm-history.css'

/** What happened to this machine, newest first. */
export const VmHistory = memo(function VmHistory({ uuid }: { uuid: string }) {
  const entries = useVmHistory(uuid)
  // Live entries are appended as they come.
  const newestFirst = [...entries].sort((a, b) => b.id - a.id)
  return (
    <CardBox title={vmPage.history} className="cs-vm__history">
      {entries.length === 0 ? (
        <p className="cs-quiet">{vmPage.historyEmpty}</p>
      ) : (
        <ol className="cs-diary">
          {newestFirst.map((entry) => (
            <li key={entry.id}>
              <AuditLine entry={entry} showVm={false} />
            </li>
          ))}
        </ol>
      )}
      <p>
        <Link to="/audit" search={{ vm: uuid }}>
          {vmPage.wholeHistory}
        </Link>
      </p>
    </CardBox>
  )
})
