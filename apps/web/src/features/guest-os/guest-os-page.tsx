import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { GuestOsMatrixView } from '@coreshift/shared/contract'
import { guestOsQuery } from '../../data/guest-os-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { useRole } from '../../domain/use-role.ts'
import { failures } from '../../strings/failures.ts'
import { guestOs } from '../../strings/guest-os.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { Field } from '../../ui/field.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { MatrixRow } from './matrix-row.tsx'
import { matchingRows } from './matrix-view.ts'
import './guest-os.css'

/** Which guest systems take and give vCPUs, who says so, and what this fleet has seen. */
export function GuestOsPage() {
  usePageTitle(guestOs.title)
  const query = useQuery(guestOsQuery(useHttp()))
  return (
    <div className="cs-guests">
      <h1 className="cs-title">{guestOs.title}</h1>
      {query.data ? (
        <Matrix view={query.data} />
      ) : query.isError ? (
        <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingWords words={failures.loading(guestOs.what)} lines={8} />
      )}
    </div>
  )
}

function Matrix({ view }: { view: GuestOsMatrixView }) {
  const [search, setSearch] = useState('')
  const [openRow, setOpenRow] = useState<string>()
  const isAdmin = useRole() === 'admin'
  const rows = matchingRows(view.rows, search)
  const c = guestOs.columns
  return (
    <>
      <p className="cs-quiet">
        {guestOs.intro} {guestOs.updated(view.updated)} {!isAdmin && guestOs.adminOnly}
      </p>
      <div className="cs-guests__search">
        <Field
          label={guestOs.search}
          type="search"
          value={search}
          onChange={setSearch}
          placeholder={guestOs.searchHint}
        />
      </div>
      {rows.length === 0 ? (
        <FailureView tone="info" title={guestOs.nothingMatches} text="" />
      ) : (
        <div className="cs-scroll cs-panel" tabIndex={0} role="group" aria-label={guestOs.title}>
          <table className="cs-table">
            <thead>
              <tr>
                <th scope="col">{c.system}</th>
                <th scope="col">{c.version}</th>
                <th scope="col">{c.arch}</th>
                <th scope="col">{c.plug}</th>
                <th scope="col">{c.unplug}</th>
                <th scope="col">{c.evidence}</th>
                <th scope="col">{c.seen}</th>
                <th scope="col">{c.vms}</th>
                <th scope="col">{guestOs.details}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <MatrixRow
                  key={row.id}
                  view={view}
                  row={row}
                  isOpen={openRow === row.id}
                  mayEdit={isAdmin}
                  onToggle={() => setOpenRow(openRow === row.id ? undefined : row.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
