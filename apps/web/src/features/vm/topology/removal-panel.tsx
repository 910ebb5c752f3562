import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatVcpuRanges } from '@coreshift/shared'
import type { Vm } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../../data/services.tsx'
import { requestResize, resizePlanQuery } from '../../../data/vm-queries.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { resize } from '../../../strings/resize.ts'
import { Acknowledgement } from '../sockets/acknowledgement.tsx'
import { PlanPreview } from '../sockets/plan-preview.tsx'
import { removalRequest } from './removal-choice.ts'
import { resizeFacts } from '../sockets/sockets-draft.ts'
import './removal-panel.css'

interface RemovalPanelProps {
  readonly vm: Vm
  readonly ids: readonly number[]
  readonly onEnd: () => void
}

/** What the removal of the chosen vCPUs would do, and the button. */
export function RemovalPanel({ vm, ids, onEnd }: RemovalPanelProps) {
  const http = useHttp()
  const [acknowledged, setAcknowledged] = useState(false)
  const request = removalRequest(ids, acknowledged)
  const plan = useQuery({
    ...resizePlanQuery(http, vm.uuid, resizeFacts(vm), request),
    enabled: ids.length > 0,
  })
  const command = useMutation({ mutationFn: () => requestResize(http, vm.uuid, request), onSuccess: onEnd })
  const untested = plan.data?.reasons.find((reason) => reason.code === 'unverified-guest-os')
  const maySend = plan.data?.allowed === true && (!untested || acknowledged)
  return (
    <div className="cs-removal">
      {ids.length === 0 ? (
        <p className="cs-quiet">{resize.chooseVcpus}</p>
      ) : (
        <>
          <PlanPreview plan={plan.data} error={plan.error} onRetry={() => void plan.refetch()} />
          {untested && (
            <Acknowledgement reason={untested.message} checked={acknowledged} onChange={setAcknowledged} />
          )}
        </>
      )}
      {command.isError && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        {ids.length > 0 && (
          <Button onClick={() => command.mutate()} isDisabled={!maySend || command.isPending}>
            {command.isPending ? resize.sending : resize.removeChosen(formatVcpuRanges(ids))}
          </Button>
        )}
        <Button variant="link" onClick={onEnd}>
          {resize.chooseNothing}
        </Button>
      </div>
    </div>
  )
}
