import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NextBootForecast } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { forecastQuery, revertNextBoot } from '../../../data/prepare-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { vmAnswersKey } from '../../../data/vm-queries.ts'
import { CommandFailure, QueryFailure } from '../../../domain/query-failure.tsx'
import { useMayOperate } from '../../../domain/use-role.ts'
import { failures } from '../../../strings/failures.ts'
import { forecast as words } from '../../../strings/forecast.ts'
import { resize } from '../../../strings/resize.ts'
import { vcpus } from '../../../strings/vcpus.ts'
import { useAnnounce } from '../../../ui/announcer.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { resizeFacts } from '../sockets/sockets-draft.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { forecastRanges } from './forecast-ranges.ts'
import './forecast-view.css'

interface ForecastViewProps {
  readonly vm: SteadyVm
  readonly onPrepare: () => void
}

/** What can be removed live now and after the next start, vCPU by vCPU, and what that start changes. */
export function ForecastView({ vm, onPrepare }: ForecastViewProps) {
  const query = useQuery(forecastQuery(useHttp(), vm.uuid, resizeFacts(vm)))
  const mayPrepare = useMayOperate() && vm.persistent && !vm.stale
  if (query.isError) return <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <p className="cs-quiet">{failures.waitingForServer(words.what)}</p>
  const { warnings, changes } = query.data
  return (
    <div className="cs-forecast">
      {warnings.map((warning) => (
        <Notice key={warning} tone="warning" title={warning} />
      ))}
      <Prospects forecast={query.data} />
      <Changes changes={changes} uuid={vm.uuid} mayRevert={mayPrepare && vm.status !== 'down'} />
      {mayPrepare && (
        <p className="cs-quiet">
          {words.wantMore}{' '}
          <Button variant="link" isInline onClick={onPrepare}>
            {resize.unlocks['prepare-for-live-resize']}
          </Button>
        </p>
      )}
    </div>
  )
}

function Prospects({ forecast }: { forecast: NextBootForecast }) {
  return (
    <div className="cs-scroll" tabIndex={0} role="group" aria-label={words.caption}>
      <table className="cs-table">
        <caption className="pf-v6-screen-reader">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.vcpus}</th>
            <th scope="col">{words.now}</th>
            <th scope="col">{words.nextBoot}</th>
          </tr>
        </thead>
        <tbody>
          {forecastRanges(forecast.vcpus).map((range) => (
            <tr key={range.ids}>
              <th scope="row" className="cs-figures">
                {vcpus.range(range.ids)} <span className="cs-quiet">({range.count})</span>
              </th>
              <td>{range.now ? words.prospects[range.now] : words.off}</td>
              <td className={range.changes ? 'cs-forecast__changes' : undefined}>
                {range.nextBoot ? words.prospects[range.nextBoot] : words.noNextBoot}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ChangesProps {
  readonly changes: NextBootForecast['changes']
  readonly uuid: string
  /** Whether something runs whose state could be stored again, and the person may. */
  readonly mayRevert: boolean
}

function Changes({ changes, uuid, mayRevert }: ChangesProps) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const announce = useAnnounce()
  const revert = useMutation({
    mutationFn: () => revertNextBoot(http, uuid),
    onSuccess: () => {
      announce(words.reverted)
      void queryClient.invalidateQueries({ queryKey: vmAnswersKey(uuid) })
    },
  })
  if (changes.length === 0) return <p className="cs-quiet">{words.noChanges}</p>
  return (
    <div>
      <h3 className="cs-forecast__head">{words.changes}</h3>
      <dl className="cs-pairs">
        {changes.map(({ what, now, next }) => (
          <div key={what} className="cs-pairs__pair">
            <dt>{words.parts[what]}</dt>
            <dd>
              {now} → <b>{next}</b>
            </dd>
          </div>
        ))}
      </dl>
      <p className="cs-quiet">{words.powerCycle}</p>
      {revert.isError && <CommandFailure error={revert.error} />}
      {mayRevert && (
        <Button variant="link" isInline onClick={() => revert.mutate()} isDisabled={revert.isPending}>
          {revert.isPending ? words.reverting : words.revert}
        </Button>
      )}
    </div>
  )
}
