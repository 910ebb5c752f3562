import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { VmSummary } from '@coreshift/shared/contract'
import { QueryView } from '../../domain/query-view.tsx'
import { useMayOperate } from '../../domain/use-role.ts'
import { liveFleet, liveHosts } from '../../live/live-topics.ts'
import { fleet } from '../../strings/fleet.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { FleetFilters } from './fleet-filters.tsx'
import type { FleetSearch } from './fleet-search.ts'
import { selectedVms } from './fleet-selection.ts'
import { FleetTable } from './fleet-table.tsx'
import { countFleet, hostNames } from './fleet-view.ts'
import { followRows } from './followed-rows.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useFleetSelection } from './use-fleet-selection.ts'

const route = getRouteApi('/inside/')

export function FleetPage() {
  const query = useQuery(liveFleet())
  return (
    <PageFrame title={fleet.title} width="fill">
      <QueryView query={query} what={fleet.what} live lines={8}>
        {({ vms }) => <Fleet vms={vms} />}
      </QueryView>
    </PageFrame>
  )
}

function Fleet({ vms }: { vms: readonly VmSummary[] }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [follow] = useState(followRows)
  const rows = follow(vms, search)
  // A host that was never reached has no machines here, and is offline all the same.
  const known = useQuery(liveHosts()).data?.hosts
  const counts = useMemo(() => countFleet(vms, known), [vms, known])
  const hosts = useMemo(() => hostNames(vms), [vms])

  const selecting = useFleetSelection(rows)
  const mayOperate = useMayOperate()
  const { uuids } = selecting.selection
  const selected = useMemo(() => selectedVms({ uuids }, vms), [uuids, vms])
  const hidden = useMemo(() => selected.length - selectedVms({ uuids }, rows).length, [selected, uuids, rows])

  // Each letter replaces the address, so that the back button leaves the fleet and does not undo letters.
  const change = (next: FleetSearch) => void navigate({ search: next, replace: true })

  if (vms.length === 0) return <FailureView tone="info" title={fleet.empty} text={fleet.emptyText} />
  return (
    <>
      <FleetFilters
        search={search}
        counts={counts}
        hosts={hosts}
        shown={rows.length}
        all={vms.length}
        onChange={change}
      />
      {rows.length === 0 ? (
        <FailureView
          tone="info"
          title={fleet.nothingMatches}
          text={fleet.nothingMatchesText}
          actions={
            <Button variant="secondary" onClick={() => change({})}>
              {fleet.clear}
            </Button>
          }
        />
      ) : (
        <FleetTable
          rows={rows}
          search={search}
          selecting={mayOperate ? selecting : undefined}
          onChange={change}
        />
      )}
      {selected.length > 0 && <SelectionBar vms={selected} hidden={hidden} onClear={selecting.clear} />}
    </>
  )
}
