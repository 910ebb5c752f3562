import type { VmStatus } from '@coreshift/shared'
import type { PowerAction } from '@coreshift/shared/contract'

/** What can be done in each state; the server decides in any case. */
export const POWER_ACTIONS_OF: Readonly<Record<VmStatus, readonly PowerAction[]>> = {
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
export const RISKY_POWER_ACTIONS: readonly PowerAction[] = ['reset', 'destroy']

/** All actions, harmless ones first. */
export const POWER_ORDER: readonly PowerAction[] = [
  'start',
  'resume',
  'shutdown',
  'reboot',
  'suspend',
  ...RISKY_POWER_ACTIONS,
]

export function canTake(status: VmStatus, action: PowerAction): boolean {
  return POWER_ACTIONS_OF[status].includes(action)
}
