import type { VmStatus } from '@coreshift/shared'

/** virDomainState to status (libvirt-domain.h). */
const STATUS: Readonly<Record<number, VmStatus>> = {
  0: 'unknown',
  1: 'up',
  2: 'up',
  3: 'paused',
  4: 'powering-down',
  5: 'down',
  6: 'crashed',
  7: 'suspended',
}

/** VIR_DOMAIN_PAUSED_MIGRATION, _SAVE and _STARTING_UP: paused for a purpose that has a name of its own. */
const PAUSED: Readonly<Record<number, VmStatus>> = { 2: 'migrating', 3: 'saving', 11: 'powering-up' }

/**
 * Status of a VM.
 * @param state virDomainState
 * @param reason its reason
 * @param job what holds the domain, where known
 */
export function statusOf(state: number, reason: number, job: 'migration' | 'other' | undefined): VmStatus {
  if (job === 'migration' && (state === 1 || state === 3)) return 'migrating'
  if (state === 3) return PAUSED[reason] ?? 'paused'
  return STATUS[state] ?? 'unknown'
}
