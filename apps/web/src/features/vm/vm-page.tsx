import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { TopicSnapshots, Vm } from '@coreshift/shared/contract'
import { WatchRefused } from '../../live/watch-refused.ts'
import { liveVm } from '../../live/live-topics.ts'
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
import { TopologyCard } from './topology/topology-card.tsx'
import { VcpusCard } from './vcpus-card.tsx'
import { VmHeader } from './head/vm-header.tsx'
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
  const query = useQuery(liveVm(uuid))
  usePageTitle(query.data?.vm.name ?? vmPage.what)

  if (query.error instanceof WatchRefused && query.error.code === 'not-found') return <VmGone />
  if (!query.data) {
    return query.isError ? (
      <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <>
        <h1 className="cs-title">{vmPage.loadingTitle}</h1>
        <LoadingWords words={failures.waitingForServer(vmPage.what)} lines={8} />
      </>
    )
  }
  // A machine that vanishes while one looks at it is patched away.
  if (!isThere(query.data.vm)) return <VmGone />
  return <Machine key={uuid} {...query.data} />
}

function Machine({ vm, operation, history }: TopicSnapshots['vm']) {
  const [preparing, setPreparing] = useState(false)
  const mayOperate = useMayOperate()
  const simulated = useQuery(sessionQuery(useHttp())).data?.demo === true
  return (
    <div className="cs-vm">
      <VmHeader vm={vm} />
      {vm.stale && (
        <Notice tone="warning" title={vmPage.staleTitle}>
          {vmPage.staleText}
        </Notice>
      )}
      {preparing && mayOperate && (
        <Suspense fallback={<p className="cs-quiet">{failures.loading(vmPage.prepareWhat)}</p>}>
          <PreparePanel vm={vm} onEnd={() => setPreparing(false)} />
        </Suspense>
      )}
      <div className="cs-vm__grid">
        <VcpusCard vm={vm} operation={operation} onPrepare={() => setPreparing(true)} />
        <TopologyCard vm={vm} />
        <VmHistory uuid={vm.uuid} entries={history} />
      </div>
      {simulated && mayOperate && (
        <Suspense>
          <DemoGuestCard vm={vm} />
        </Suspense>
      )}
    </div>
  )
}

function isThere(vm: Vm | undefined): vm is Vm {
  return vm !== undefined
}

function VmGone() {
  return (
    <FailureView
      tone="info"
      title={vmPage.gone}
      text={vmPage.goneText}
      actions={<Link to="/">{vmPage.backToFleet}</Link>}
    />
  )
}
