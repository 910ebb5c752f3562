import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import type { PowerAction } from '@coreshift/shared/contract'
import { useHttp } from '../../../data/services.tsx'
import { requestPower } from '../../../data/vm-queries.ts'
import { POWER_ACTIONS_OF, RISKY_POWER_ACTIONS } from '../../../domain/power-actions.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { vmPage } from '../../../strings/vm.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'
import type { SteadyVm } from '../steady-vm.ts'

export function PowerMenu({ vm }: { vm: SteadyVm }) {
  return <Disclosure label={vmPage.power}>{(close) => <PowerPanel vm={vm} close={close} />}</Disclosure>
}

function PowerPanel({ vm, close }: { vm: SteadyVm; close: () => void }) {
  const http = useHttp()
  const [sure, setSure] = useState<PowerAction>()
  const command = useMutation({
    mutationFn: (action: PowerAction) => requestPower(http, vm.uuid, action),
    onSuccess: close,
  })
  const actions = POWER_ACTIONS_OF[vm.status]
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
            className={
              RISKY_POWER_ACTIONS.includes(action) ? 'cs-menu__item cs-menu__item--risky' : 'cs-menu__item'
            }
            disabled={command.isPending}
            onClick={() => (RISKY_POWER_ACTIONS.includes(action) ? setSure(action) : command.mutate(action))}
          >
            {vmPage.powerActions[action]}
          </button>
        </li>
      ))}
    </ul>
  )
}
