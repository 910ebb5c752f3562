/** Status of a VM. `up` and `down` are the two in which the sockets may be changed. */
export const VM_STATUSES = [
  'up',
  'down',
  'paused',
  'powering-up',
  'powering-down',
  'migrating',
  'saving',
  'suspended',
  'crashed',
  'unknown',
] as const

export type VmStatus = (typeof VM_STATUSES)[number]

/** Whether a machine exists whose vCPUs could be counted live. */
export function hasLiveMachine(status: VmStatus): boolean {
  return status !== 'down' && status !== 'crashed' && status !== 'unknown'
}

/** Sockets may be edited in these two states and in no other. */
export function allowsSocketsEdit(status: VmStatus): boolean {
  return status === 'up' || status === 'down'
}
