import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { GuestOsMatrixView } from '@coreshift/shared/contract'
import { guestOsQuery } from '../../data/guest-os-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { useRole } from '../../domain/use-role.ts'
import { guestOs } from '../../strings/guest-os.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { Field } from '../../ui/field.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { ROW_FILTERS, readGuestOsSearch } from './guest-os-search.ts'
import { MatrixFile } from './matrix-file.tsx'
import { MatrixRow } from './matrix-row.tsx'
import { matchingRows } from './matrix-view.ts'
import './guest-os.css'

const route = getRouteApi('/inside/guest-os')

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
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const isAdmin = useRole() === 'admin'
  const show = search.show ?? 'all'
  const rows = matchingRows(view.rows, search.q ?? '', show)
  const change = (part: Record<string, unknown>) =>
    void navigate({ search: readGuestOsSearch({ ...search, ...part }), replace: true })
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
          value={search.q ?? ''}
          onChange={(q) => change({ q })}
          placeholder={guestOs.searchHint}
        />
        <SelectField
          label={guestOs.show}
          value={show}
          choices={ROW_FILTERS.map((value) => ({ value, label: guestOs.filters[value] }))}
          onChange={(value) => change({ show: value })}
        />
      </div>
      <MatrixFile view={view} mayEdit={isAdmin} />
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
              isOpen={search.row === row.id}
              mayEdit={isAdmin}
              onToggle={() => change({ row: search.row === row.id ? undefined : row.id })}
            />
          ))}
        </TableFrame>
      )}
    </>
  )
}
