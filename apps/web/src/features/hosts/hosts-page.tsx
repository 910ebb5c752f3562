import { useQuery } from '@tanstack/react-query'
import { QueryView } from '../../domain/query-view.tsx'
import { useRole } from '../../domain/use-role.ts'
import { liveHosts } from '../../live/live-topics.ts'
import { hosts as words } from '../../strings/hosts.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { AddHostForm } from './add-host-form.tsx'
import { HostCard } from './host-card.tsx'
import './hosts.css'

/** Which hosts there are, whether they answer, and what they can do. */
export function HostsPage() {
  const query = useQuery(liveHosts())
  const isAdmin = useRole() === 'admin'
  return (
    <PageFrame title={words.title} width="wide">
      <QueryView query={query} what={words.what} live>
        {({ hosts }) =>
          hosts.length === 0 ? (
            <FailureView tone="info" title={words.empty} text={words.emptyText} />
          ) : (
            <div className="cs-hosts">
              {hosts.map((host) => (
                <HostCard key={host.id} host={host} mayManage={isAdmin} />
              ))}
            </div>
          )
        }
      </QueryView>
      {isAdmin ? <AddHostForm /> : <p className="cs-quiet">{words.adminOnly}</p>}
    </PageFrame>
  )
}
