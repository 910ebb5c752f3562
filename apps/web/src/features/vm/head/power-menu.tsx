import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { VmStatus } from '@coreshift/shared'
import type { PowerAction, Vm } from '@coreshift/shared/contract'
import { useHttp } from '../../../data/services.tsx'
import { requestPower } from '../../../data/vm-queries.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { vmPage } from '../../../strings/vm.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'

const ACTIONS: Record<VmStatus, readonly PowerAction[]> = {
  up: ['shutdown', 'reboot', 'suspend', 'reset', 'destroy'],
  down: ['start'],
  paused: ['resume', 'destroy'],
  'powering-up': ['destroy'],
  'powering-down': ['destroy'],
  migrating: [],
  saving: [],
  suspended: ['resume', 'destroy'],
  crashed: ['start', 'destroy'],
  unknown: [],
}

/** These lose what the guest has not written: they are asked twice. */
const RISKY: readonly PowerAction[] = ['reset', 'destroy']

export function PowerMenu({ vm }: { vm: Vm }) {
  return <Disclosure label={vmPage.power}>{(close) => <PowerPanel vm={vm} close={close} />}</Disclosure>
}

function PowerPanel({ vm, close }: { vm: Vm; close: () => void }) {
  const http = useHttp()
  const [sure, setSure] = useState<PowerAction>()
  const command = useMutation({
    mutationFn: (action: PowerAction) => requestPower(http, vm.uuid, action),
    onSuccess: close,
  })
  const actions = ACTIONS[vm.status]
  if (command.isError) return <CommandFailure error={command.error} onRetry={() => command.reset()} />
  if (sure) {
    return (
      <div className="cs-sure" role="group" aria-label={vmPage.powerActions[sure]}>
        <p>{vmPage.powerSure(vmPage.powerActions[sure])}</p>
        <Button
          variant="danger"
          size="sm"
          onClick={() => command.mutate(sure)}
          isDisabled={command.isPending}
        >
          {vmPage.powerYes}
        </Button>
        <Button variant="link" size="sm" onClick={() => setSure(undefined)}>
          {vmPage.powerNo}
        </Button>
      </div>
    )
  }
  if (actions.length === 0) return <p className="cs-quiet">{vmPage.powerNone}</p>
  return (
    <ul className="cs-menu">
      {actions.map((action) => (
        <li key={action}>
          <button
            type="button"
            className={RISKY.includes(action) ? 'cs-menu__item cs-menu__item--risky' : 'cs-menu__item'}
            disabled={command.isPending}
            onClick={() => (RISKY.includes(action) ? setSure(action) : command.mutate(action))}
          >
            {vmPage.powerActions[action]}
          </button>
        </li>
      ))}
    </ul>
  )
}
