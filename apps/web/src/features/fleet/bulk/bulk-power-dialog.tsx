import type { PowerAction, VmSummary } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { failureWords } from '../../../data/failure-words.ts'
import { useHttp } from '../../../data/services.tsx'
import { requestPower } from '../../../data/vm-queries.ts'
import { RISKY_POWER_ACTIONS, canTake } from '../../../domain/power-actions.ts'
import { bulk } from '../../../strings/bulk.ts'
import { machines } from '../../../strings/machines.ts'
import { vmPage } from '../../../strings/vm.ts'
import { DialogBox } from '../../../ui/dialog-box.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { BulkTable } from './bulk-table.tsx'
import type { Outcome } from './run-each.ts'
import { useBulkRun } from './use-bulk-run.ts'
import './bulk.css'

interface BulkPowerDialogProps {
  readonly vms: readonly VmSummary[]
  readonly action: PowerAction
  readonly onClose: () => void
}

/** One power action for several machines; those that cannot take it are left as they are, and it says so. */
export default function BulkPowerDialog({ vms, action, onClose }: BulkPowerDialogProps) {
  const http = useHttp()
  const words = vmPage.powerActions[action]
  const ready = vms.filter((vm) => !vm.stale && canTake(vm.status, action))
  const run = useBulkRun<void>((uuid) => requestPower(http, uuid, action))
  const { outcomes } = run
  const risky = RISKY_POWER_ACTIONS.includes(action)

  if (outcomes) {
    const sent = vms.filter((vm) => outcomes.has(vm.uuid))
    return (
      <DialogBox
        title={bulk.powerTitle(words, sent.length)}
        onClose={onClose}
        foot={<Button onClick={onClose}>{bulk.close}</Button>}
      >
        <p role="status">
          {run.isOver ? bulk.summary(run.done, run.failed) : bulk.sending(run.done + run.failed, run.total)}
        </p>
        <BulkTable
          vms={sent}
          head={bulk.outcome}
          cell={(vm) => <PowerOutcome vm={vm} outcome={outcomes.get(vm.uuid)} />}
        />
      </DialogBox>
    )
  }
  return (
    <DialogBox
      title={bulk.powerTitle(words, ready.length)}
      onClose={onClose}
      foot={
        <>
          <Button
            variant={risky ? 'danger' : 'primary'}
            isDisabled={ready.length === 0}
            onClick={() => run.start(ready.map(({ uuid }) => uuid))}
          >
            {bulk.powerSend(words, ready.length)}
          </Button>
          <Button variant="link" onClick={onClose}>
            {bulk.cancel}
          </Button>
        </>
      }
    >
      {risky && <Notice tone="warning" title={bulk.powerRisk} />}
      <BulkTable
        vms={vms}
        head={bulk.verdict}
        cell={(vm) =>
          vm.stale ? (
            <span className="cs-quiet">{bulk.powerOffline}</span>
          ) : canTake(vm.status, action) ? (
            words
          ) : (
            <span className="cs-quiet">{bulk.powerLeftAlone(machines.status[vm.status])}</span>
          )
        }
      />
    </DialogBox>
  )
}

function PowerOutcome({ vm, outcome }: { vm: VmSummary; outcome: Outcome<void> | undefined }) {
  switch (outcome?.kind) {
    case 'running':
      return <span className="cs-quiet">{bulk.asked}</span>
    case 'done':
      return bulk.powerSent(machines.status[vm.status])
    case 'failed': {
      const { title, text } = failureWords(outcome.error)
      return (
        <span className="cs-field__error">
          {title}: {text}
        </span>
      )
    }
    default:
      return <span className="cs-quiet">{bulk.waitingTurn}</span>
  }
}
