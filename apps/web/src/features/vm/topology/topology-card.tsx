import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Vm } from '@coreshift/shared/contract'
import { failures } from '../../../strings/failures.ts'
import { vmPage } from '../../../strings/vm.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { TopologyPicture } from './topology-picture.tsx'
import { TOPOLOGY_VIEWS, type TopologyViewName } from '../vm-search.ts'

const TopologyTable = lazy(() => import('./topology-table.tsx').then((m) => ({ default: m.TopologyTable })))
const GuestView = lazy(() => import('./guest-view.tsx').then((m) => ({ default: m.GuestView })))

const route = getRouteApi('/inside/vms/$uuid')

export function TopologyCard({ vm }: { vm: Vm }) {
  const view = route.useSearch().view ?? 'picture'
  const navigate = route.useNavigate()
  const show = (next: TopologyViewName) =>
    void navigate({ search: next === 'picture' ? {} : { view: next }, replace: true, resetScroll: false })
  return (
    <CardBox
      title={vmPage.topology}
      className="cs-vm__topology"
      aside={
        <div role="group" aria-label={vmPage.viewChoice} className="cs-switch">
          {TOPOLOGY_VIEWS.map((name) => (
            <button key={name} type="button" aria-pressed={name === view} onClick={() => show(name)}>
              {vmPage.views[name]}
            </button>
          ))}
        </div>
      }
    >
      <Suspense fallback={<p className="cs-quiet">{failures.loading(vmPage.views[view])}</p>}>
        {view === 'picture' && <TopologyPicture vm={vm} />}
        {view === 'table' && <TopologyTable vcpus={vm.vcpus} topology={vm.topology} />}
        {view === 'guest' && <GuestView vm={vm} />}
      </Suspense>
    </CardBox>
  )
}
