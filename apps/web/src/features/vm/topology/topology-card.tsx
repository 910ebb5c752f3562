import { getRouteApi } from '@tanstack/react-router'
import { lazy, memo, Suspense } from 'react'
import { failures } from '../../../strings/failures.ts'
import { vmPage } from '../../../strings/vm.ts'
import { CardBox } from '../../../ui/card-box.tsx'
import { useSteadyVm } from '../use-vm.ts'
import { TOPOLOGY_VIEWS, type TopologyViewName } from '../vm-search.ts'
import { TopologyPicture } from './topology-picture.tsx'
import { VcpuFeedProvider } from './vcpu-feed.tsx'
import './topology-card.css'

const TopologyTable = lazy(() => import('./topology-table.tsx').then((m) => ({ default: m.TopologyTable })))
const GuestView = lazy(() => import('./guest-view.tsx').then((m) => ({ default: m.GuestView })))
const ForecastView = lazy(() => import('./forecast-view.tsx').then((m) => ({ default: m.ForecastView })))

const route = getRouteApi('/inside/vms/$uuid')

interface TopologyCardProps {
  readonly uuid: string
  /** A person wants the stored definition changed so that more becomes possible. */
  readonly onPrepare: () => void
}

/** The vCPUs one by one, in four ways of looking at them. */
export const TopologyCard = memo(function TopologyCard({ uuid, onPrepare }: TopologyCardProps) {
  const vm = useSteadyVm(uuid)
  const view = route.useSearch({ select: (search) => search.view }) ?? 'picture'
  const navigate = route.useNavigate()
  const show = (next: TopologyViewName) =>
    void navigate({
      search: ({ view: _, ...rest }) => (next === 'picture' ? rest : { ...rest, view: next }),
      replace: true,
      resetScroll: false,
    })
  if (!vm) return null
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
        <VcpuFeedProvider uuid={uuid}>
          {view === 'picture' && <TopologyPicture vm={vm} />}
          {view === 'table' && <TopologyTable vm={vm} />}
          {view === 'guest' && <GuestView vm={vm} />}
          {view === 'forecast' && <ForecastView vm={vm} onPrepare={onPrepare} />}
        </VcpuFeedProvider>
      </Suspense>
    </CardBox>
  )
})
