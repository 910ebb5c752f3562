import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useDeferredValue } from 'react'
import { WatchRefused } from '../../live/watch-refused.ts'
import { useHttp } from '../../data/services.tsx'
import { sessionQuery } from '../../data/session-query.ts'
import { useMayOperate } from '../../domain/use-role.ts'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { failures } from '../../strings/failures.ts'
import { vmPage } from '../../strings/vm.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { AboutCard } from './about/about-card.tsx'
import { VmHeader } from './head/vm-header.tsx'
import { TopologyCard } from './topology/topology-card.tsx'
import { useSteadyVm, useVmPresence } from './use-vm.ts'
import { VcpusCard } from './vcpus-card.tsx'
import { VmHistory } from './vm-history.tsx'
import './vm-page.css'

const DemoGuestCard = lazy(() =>
  import('../demo/demo-guest-card.tsx').then((m) => ({ default: m.DemoGuestCard })),
)
const PreparePanel = lazy(() =>
  import('./prepare/prepare-panel.tsx').then((m) => ({ default: m.PreparePanel })),
)

const route = getRouteApi('/inside/vms/$uuid')

export function VmPage() {
  const { uuid } = route.useParams()
  const presence = useVmPresence(uuid)

  if (presence.error instanceof WatchRefused && presence.error.code === 'not-found') return <VmGone />
  if (presence.data === undefined) {
    return (
      <>
        <h1 className="cs-title">{vmPage.loadingTitle}</h1>
        {presence.isError ? (
          <QueryFailure error={presence.error} onRetry={() => void presence.refetch()} />
        ) : (
          <LoadingWords words={failures.waitingForServer(vmPage.what)} lines={8} />
        )}
      </>
    )
  }
  return presence.data ? <Machine key={uuid} uuid={uuid} /> : <VmGone />
}

/** Its parts read what they show by themselves, so that this renders when a part comes or goes, not when one changes. */
function Machine({ uuid }: { uuid: string }) {
  const { prepare: preparing = false } = route.useSearch()
  const navigate = route.useNavigate()
  const mayOperate = useMayOperate()
  // The first frame is for the vCPUs: what stands beside and below them is drawn in the next one.
  const isComplete = useDeferredValue(true, false)
  const vm = useSteadyVm(uuid)
  usePageTitle(vm?.name ?? vmPage.what)
  const simulated = useQuery(sessionQuery(useHttp())).data?.demo === true
  const prepare = useCallback(
    () => void navigate({ search: (before) => ({ ...before, prepare: true }), resetScroll: false }),
    [navigate],
  )
  const endPreparing = () =>
    void navigate({ search: ({ prepare: _, ...rest }) => rest, replace: true, resetScroll: false })
  if (!vm) return null
  return (
    <div className="cs-vm">
      <VmHeader uuid={uuid} />
      {vm.stale && (
        <Notice tone="warning" title={vmPage.staleTitle}>
          {vmPage.staleText}
        </Notice>
      )}
      {preparing && mayOperate && (
        <Suspense fallback={<p className="cs-quiet">{failures.loading(vmPage.prepareWhat)}</p>}>
          <PreparePanel vm={vm} onEnd={endPreparing} />
        </Suspense>
      )}
      <div className="cs-vm__grid">
        <VcpusCard uuid={uuid} onPrepare={prepare} />
        <TopologyCard uuid={uuid} onPrepare={prepare} />
        <div className="cs-vm__side">
          {isComplete && (
            <>
              <VmHistory uuid={uuid} />
              <AboutCard uuid={uuid} />
            </>
          )}
        </div>
      </div>
      {isComplete && simulated && mayOperate && (
        <Suspense>
          <DemoGuestCard vm={vm} />
        </Suspense>
      )}
    </div>
  )
}

function VmGone() {
  usePageTitle(vmPage.gone)
  return (
    <>
      <h1 className="cs-title">{vmPage.loadingTitle}</h1>
      <FailureView
        tone="info"
        title={vmPage.gone}
        text={vmPage.goneText}
        actions={<Link to="/">{vmPage.backToFleet}</Link>}
      />
    </>
  )
}
