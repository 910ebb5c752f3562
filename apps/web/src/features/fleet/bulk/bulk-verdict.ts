import { ACKNOWLEDGEABLE_CODES, hasLiveMachine, type ResizeMode } from '@coreshift/shared'
import type { ResizePlan, ResizeRequestInput, VmSummary } from '@coreshift/shared/contract'

/** When the sockets are to change: as a person means it without further words, or stored for later only. */
export type BulkWhen = 'usual' | 'nextBoot'

/** What is asked of each machine. */
export interface BulkWish {
  readonly sockets: number
  readonly when: BulkWhen
  readonly policy: NonNullable<ResizeRequestInput['policy']>
}

/** A running machine now and for good, one that is off for its next start. */
export function modeFor(vm: Pick<VmSummary, 'status' | 'persistent'>, when: BulkWhen): ResizeMode {
  if (when === 'nextBoot' || !hasLiveMachine(vm.status)) return 'nextBoot'
  return vm.persistent ? 'both' : 'live'
}

/** Whether the machine has what is asked for already. */
export function hasAlready(vm: VmSummary, { sockets, when }: BulkWish): boolean {
  const mode = modeFor(vm, when)
  const stored = vm.nextBootSockets ?? vm.sockets
  return (mode === 'nextBoot' || vm.sockets === sockets) && (mode === 'live' || stored === sockets)
}

/**
 * Changes when the verdict on a machine may change, and not with its load.
 * @see resizePlanQuery
 */
export function verdictFacts(vm: VmSummary): string {
  return [
    vm.status,
    vm.stale,
    vm.operation,
    vm.vcpuCount,
    vm.vcpuMax,
    vm.nextBootVcpuCount,
    vm.guestOs.row,
  ].join(' ')
}

/** One machine's answer to the wish, before anything is sent. */
export type BulkVerdict =
  | { readonly kind: 'already' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'unknown'; readonly error: unknown }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** `needsWord`: the person has to say that they know the concerns. */
  | {
      readonly kind: 'possible'
      readonly plan: ResizePlan
      readonly concerns: readonly string[]
      readonly needsWord: boolean
    }

export function verdictOn(
  vm: VmSummary,
  wish: BulkWish,
  answer: { readonly data?: ResizePlan | undefined; readonly error: unknown },
): BulkVerdict {
  if (hasAlready(vm, wish)) return { kind: 'already' }
  if (answer.data) {
    const { allowed, reasons, acknowledge } = answer.data
    const messages = reasons.map(({ message }) => message)
    if (!allowed) return { kind: 'refused', reasons: messages }
    return { kind: 'possible', plan: answer.data, concerns: messages, needsWord: acknowledge !== undefined }
  }
  return answer.error ? { kind: 'unknown', error: answer.error } : { kind: 'asking' }
}

/** Whether the machine is among those that the button reaches. */
export function isReady(verdict: BulkVerdict | undefined, acknowledged: boolean): boolean {
  return verdict?.kind === 'possible' && (acknowledged || !verdict.needsWord)
}

/** What is sent for one machine: exactly what was judged. */
export function requestFor(vm: VmSummary, wish: BulkWish, plan?: ResizePlan): ResizeRequestInput {
  const acknowledge = ACKNOWLEDGEABLE_CODES.filter((code) => plan?.acknowledge?.includes(code))
  return {
    sockets: wish.sockets,
    mode: modeFor(vm, wish.when),
    policy: wish.policy,
    ...(acknowledge.length > 0 ? { acknowledge } : {}),
  }
}
