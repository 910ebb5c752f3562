import { useQuery } from '@tanstack/react-query'
import type { TopologyView } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../../data/services.tsx'
import { topologyQuery } from '../../../data/vm-queries.ts'
import { QueryFailure } from '../../../domain/query-failure.tsx'
import { failures } from '../../../strings/failures.ts'
import { vmPage } from '../../../strings/vm.ts'
import { FailureView } from '../../../ui/failure-view.tsx'
import { Instant } from '../../../ui/instant.tsx'
import { resizeFacts } from '../sockets/sockets-draft.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { twoViews } from './two-views.ts'

/** What the guest itself says about its CPUs, through its agent, beside what the hypervisor says. */
export function GuestView({ vm }: { vm: SteadyVm }) {
  const query = useQuery(topologyQuery(useHttp(), vm.uuid, resizeFacts(vm)))
  const t = vmPage.guest
  if (query.isError) return <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <p className="cs-quiet">{failures.waitingForServer(t.what)}</p>
  const { guest, guestProblem } = query.data
  const readAgain = (
    <Button variant="link" isInline onClick={() => void query.refetch()} isDisabled={query.isFetching}>
      {query.isFetching ? t.reading : t.reread}
    </Button>
  )
  if (!guest) {
    return <FailureView tone="info" title={t.none} text={guestProblem ?? t.noAgentText} actions={readAgain} />
  }
  return (
    <>
      <div className="cs-scroll" tabIndex={0} role="group" aria-label={t.compare}>
        <Comparison hypervisor={query.data.hypervisor} guest={guest} />
      </div>
      <p className="cs-quiet cs-guest__foot">
        {t.ownNumbers} {t.readAt} <Instant at={guest.readAt} form="clock" />. {readAgain}
      </p>
    </>
  )
}

interface ComparisonProps {
  readonly hypervisor: TopologyView['hypervisor']
  readonly guest: NonNullable<TopologyView['guest']>
}

function Comparison({ hypervisor, guest }: ComparisonProps) {
  const t = vmPage.guest
  return (
    <table className="cs-table">
      <caption className="pf-v6-screen-reader">{t.compare}</caption>
      <thead>
        <tr>
          <th scope="col">{t.question}</th>
          <th scope="col">{t.hypervisor}</th>
          <th scope="col">{t.guest}</th>
        </tr>
      </thead>
      <tbody>
        {twoViews(hypervisor.vcpus, guest).map(({ what, hypervisor: here, guest: there }) => (
          <tr key={what}>
            <th scope="row">{t.rows[what]}</th>
            <td className="cs-figures">{t.counted(here.count, here.ids)}</td>
            <td className="cs-figures">
              {t.counted(there.count, there.ids)}
              {here.count !== there.count && what !== 'removable' && (
                <span className="cs-guest__differs"> {t.differs(there.count - here.count)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
