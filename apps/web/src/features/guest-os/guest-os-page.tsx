import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { GuestOsMatrixView } from '@coreshift/shared/contract'
import { guestOsQuery } from '../../data/guest-os-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { useRole } from '../../domain/use-role.ts'
import { guestOs } from '../../strings/guest-os.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { Field } from '../../ui/field.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { MatrixRow } from './matrix-row.tsx'
import { matchingRows } from './matrix-view.ts'
import './guest-os.css'

/** Which guest systems take and give vCPUs, who says so, and what this fleet has seen. */
export function GuestOsPage() {
  const query = useQuery(guestOsQuery(useHttp()))
  return (
    <PageFrame title={guestOs.title} width="wide">
      <QueryView query={query} what={guestOs.what} lines={8}>
        {(view) => <Matrix view={view} />}
      </QueryView>
    </PageFrame>
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
        <TableFrame
          label={guestOs.title}
          panel
          className="cs-guests"
          columns={[
            c.system,
            c.version,
            c.arch,
            c.plug,
            c.unplug,
            c.evidence,
            c.seen,
            { name: c.vms, figures: true },
            guestOs.details,
          ]}
        >
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
        </TableFrame>
      )}
    </>
  )
}
