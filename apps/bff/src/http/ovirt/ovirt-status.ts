import type { VmStatus } from '@coreshift/shared'

/** VM statuses as oVirt's REST API names them (its VmStatus type). */
const OVIRT_STATUS: Readonly<Record<VmStatus, string>> = {
  up: 'up',
  down: 'down',
  paused: 'paused',
  'powering-up': 'powering_up',
  'powering-down': 'powering_down',
  migrating: 'migrating',
  saving: 'saving_state',
  suspended: 'suspended',
  crashed: 'not_responding',
  unknown: 'unknown',
}

/** A VM whose host cannot be asked is `unknown`, as in oVirt: nobody can say what it does. */
export function ovirtStatus({
  status,
  stale,
}: {
  readonly status: VmStatus
  readonly stale: boolean
}): string {
  return stale ? 'unknown' : OVIRT_STATUS[status]
}
