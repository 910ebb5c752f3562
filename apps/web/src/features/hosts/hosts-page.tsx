import { useQuery } from '@tanstack/react-query'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { useRole } from '../../domain/use-role.ts'
import { liveHosts } from '../../live/live-topics.ts'
import { failures } from '../../strings/failures.ts'
import { hosts as words } from '../../strings/hosts.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { AddHostForm } from './add-host-form.tsx'
import { HostCard } from './host-card.tsx'
import './hosts.css'

/** Which hosts there are, whether they answer, and what they can do. */
export function HostsPage() {
  usePageTitle(words.title)
  const query = useQuery(liveHosts())
  const isAdmin = useRole() === 'admin'
  return (
    <div className="cs-hosts">
      <h1 className="cs-title">{words.title}</h1>
      {query.data ? (
        query.data.hosts.length === 0 ? (
          <FailureView tone="info" title={words.empty} text={words.emptyText} />
        ) : (
          query.data.hosts.map((host) => <HostCard key={host.id} host={host} mayManage={isAdmin} />)
        )
      ) : query.isError ? (
        <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingWords words={failures.waitingForServer(words.what)} />
      )}
      {isAdmin ? <AddHostForm /> : <p className="cs-quiet">{words.adminOnly}</p>}
    </div>
  )
}
