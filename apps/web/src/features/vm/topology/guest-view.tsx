import { useQuery } from '@tanstack/react-query'
import type { Vm } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../../data/services.tsx'
import { topologyQuery } from '../../../data/vm-queries.ts'
import { QueryFailure } from '../../../domain/query-failure.tsx'
import { failures } from '../../../strings/failures.ts'
import { vmPage } from '../../../strings/vm.ts'
import { FailureView } from '../../../ui/failure-view.tsx'
import { clockTime } from '../../../ui/time-words.ts'
import { resizeFacts } from '../sockets/sockets-draft.ts'

/** What the guest itself says about its CPUs, through its agent. */
export function GuestView({ vm }: { vm: Vm }) {
  const query = useQuery(topologyQuery(useHttp(), vm.uuid, resizeFacts(vm)))
  const t = vmPage.guest
  if (query.isError) return <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <p className="cs-quiet">{failures.waitingForServer(t.what)}</p>
  const { guest, guestProblem } = query.data
  if (!guest) return <FailureView tone="info" title={t.none} text={guestProblem ?? t.noAgentText} />
  return (
    <>
      <dl className="cs-pairs">
        <dt>{t.known}</dt>
        <dd className="cs-figures">{guest.vcpus || t.nothing}</dd>
        <dt>{t.online}</dt>
        <dd className="cs-figures">{guest.online || t.nothing}</dd>
        <dt>{t.offlinable}</dt>
        <dd className="cs-figures">{guest.offlinable || t.nothing}</dd>
      </dl>
      <p className="cs-quiet">
        {t.readAt(clockTime(guest.readAt))}{' '}
        <Button variant="link" isInline onClick={() => void query.refetch()} isDisabled={query.isFetching}>
          {t.reread}
        </Button>
      </p>
    </>
  )
}
