import type { PowerAction, VmSummary } from '@coreshift/shared/contract'
import { POWER_ORDER, RISKY_POWER_ACTIONS, canTake } from '../../../domain/power-actions.ts'
import { bulk } from '../../../strings/bulk.ts'
import { vmPage } from '../../../strings/vm.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'

interface BulkPowerMenuProps {
  readonly vms: readonly VmSummary[]
  readonly onChoose: (action: PowerAction) => void
}

/** The actions that at least one of the machines can take, with how many can. */
export default function BulkPowerMenu({ vms, onChoose }: BulkPowerMenuProps) {
  const offers = POWER_ORDER.map((action) => ({
    action,
    count: vms.filter((vm) => !vm.stale && canTake(vm.status, action)).length,
  })).filter(({ count }) => count > 0)
  return (
    <Disclosure label={vmPage.power} upwards>
      {(close) =>
        offers.length === 0 ? (
          <p className="cs-quiet">{vmPage.powerNone}</p>
        ) : (
          <ul className="cs-menu">
            {offers.map(({ action, count }) => (
              <li key={action}>
                <button
                  type="button"
                  className={
                    RISKY_POWER_ACTIONS.includes(action)
                      ? 'cs-menu__item cs-menu__item--risky'
                      : 'cs-menu__item'
                  }
                  onClick={() => {
                    close()
                    onChoose(action)
                  }}
                >
                  {bulk.powerFor(vmPage.powerActions[action], count)}
                </button>
              </li>
            ))}
          </ul>
        )
      }
    </Disclosure>
  )
}
