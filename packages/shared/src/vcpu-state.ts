/**
 * State of one vCPU as Coreshift shows, stores and returns it. libvirt itself only knows "enabled" and
 * "not enabled"; everything in between is what an open operation adds to libvirt's answer.
 *
 * - `present`: the hypervisor counts it, nothing is under way.
 * - `adding`: asked for, the hypervisor does not count it yet.
 * - `guest-offline`: the hypervisor counts it, the guest agent says that the guest does not use it.
 * - `pending-removal`: an unplug was accepted; the vCPU is still there until a re-read says otherwise.
 * - `removed`: a re-read showed it gone after a removal that this product followed.
 * - `refused`: the guest answered no.
 * - `stuck`: asked repeatedly, no answer.
 * - `absent`: an empty slot below the domain's maximum; nothing happened to it.
 */
export const VCPU_STATES = [
  'present',
  'adding',
  'guest-offline',
  'pending-removal',
  'removed',
  'refused',
  'stuck',
  'absent',
] as const

export type VcpuState = (typeof VCPU_STATES)[number]

/** Whether the hypervisor counts a vCPU in this state as part of the running machine. */
export function countsAsPresent(state: VcpuState): boolean {
  return state !== 'adding' && state !== 'removed' && state !== 'absent'
}

/** Whether the state asks for a person's attention. */
export function needsAttention(state: VcpuState): boolean {
  return state === 'refused' || state === 'stuck' || state === 'guest-offline'
}
