import type { VcpuState } from './vcpu-state.ts'

/**
 * State of a resize operation.
 *
 * - `submitting`: stored, the request to libvirt is not answered yet.
 * - `pending`: libvirt accepted; the guest has not let go of everything.
 * - `converged`: a re-read showed the target.
 * - `failed`: refused, or not done in its window under a policy that ends then.
 * - `deferred`: handed to the reconciler; the time of the next check is shown.
 * - `abandoned`: a person stopped the waiting.
 * - `rolling-back`, `rolled-back`: strict policy, what was removed is being / was added back.
 */
export const OPERATION_STATES = [
  'submitting',
  'pending',
  'converged',
  'failed',
  'deferred',
  'abandoned',
  'rolling-back',
  'rolled-back',
] as const

export type OperationState = (typeof OPERATION_STATES)[number]

/** Operations in these states hold the VM: a second resize is refused, or has to name the open one. */
export function isOpen(state: OperationState): boolean {
  return state === 'submitting' || state === 'pending' || state === 'deferred' || state === 'rolling-back'
}

export function isEnded(state: OperationState): boolean {
  return !isOpen(state)
}

/** Whether the guest's answer is what is missing. */
export function isWaitingForGuest(state: OperationState): boolean {
  return state === 'pending' || state === 'deferred' || state === 'rolling-back'
}

/** vCPU states of an operation in which nothing more is expected to happen to the vCPU. */
export function isSettled(state: VcpuState): boolean {
  return state === 'removed' || state === 'present' || state === 'refused' || state === 'absent'
}

export const OPERATION_KINDS = ['plug', 'unplug', 'config'] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

export const RESIZE_MODES = ['live', 'nextBoot', 'both'] as const
export type ResizeMode = (typeof RESIZE_MODES)[number]
