import {
  ACKNOWLEDGEABLE_CODES,
  formatVcpuRanges,
  isOpen,
  isSettled,
  isWaitingForGuest,
  type VcpuState,
} from '@coreshift/shared'
import type { Operation, OperationVcpu, ResizeRequestInput } from '@coreshift/shared/contract'

/** vCPUs that move together, as one line of the running operation. */
export interface OperationUnit {
  readonly key: number
  /** e.g. `4-5` */
  readonly ids: string
  readonly state: VcpuState
  /** When the state began. */
  readonly since: string
  readonly attempts: number
  readonly error: string | undefined
  readonly settled: boolean
  /** From the request to the last step of the unit, ms; only when settled. */
  readonly tookMs: number | undefined
}

/** The state that most needs to be seen wins where the vCPUs of a unit differ. */
const URGENCY: readonly VcpuState[] = [
  'stuck',
  'refused',
  'pending-removal',
  'adding',
  'guest-offline',
  'present',
  'removed',
  'absent',
]

export function operationUnits(operation: Operation, vcpusPerUnit: number): OperationUnit[] {
  const size = Math.max(1, vcpusPerUnit)
  const units = new Map<number, OperationVcpu[]>()
  for (const vcpu of operation.vcpus) {
    const key = vcpu.id - (vcpu.id % size)
    const unit = units.get(key)
    if (unit) unit.push(vcpu)
    else units.set(key, [vcpu])
  }
  const start = Date.parse(operation.acceptedAt ?? operation.createdAt)
  return [...units].map(([key, vcpus]) => unitOf(key, vcpus, start)).sort((a, b) => b.key - a.key)
}

function unitOf(key: number, vcpus: readonly OperationVcpu[], startMs: number): OperationUnit {
  const state = URGENCY.find((candidate) => vcpus.some((vcpu) => vcpu.state === candidate)) ?? 'present'
  const since = vcpus.reduce((latest, vcpu) => (vcpu.since > latest ? vcpu.since : latest), '')
  const settled = vcpus.every((vcpu) => isSettled(vcpu.state))
  return {
    key,
    ids: formatVcpuRanges(vcpus.map((vcpu) => vcpu.id)),
    state,
    since,
    attempts: Math.max(...vcpus.map((vcpu) => vcpu.attempts)),
    error: vcpus.find((vcpu) => vcpu.error !== undefined)?.error,
    settled,
    tookMs: settled ? Math.max(0, Date.parse(since) - startMs) : undefined,
  }
}

/** Whether it failed after some of what was asked for was done, which stays done. */
export function isPartial({ kind, state, vcpus }: Pick<Operation, 'kind' | 'state' | 'vcpus'>): boolean {
  const wished = kind === 'plug' ? 'present' : 'removed'
  return state === 'failed' && vcpus.some((vcpu) => vcpu.state === wished)
}

/** What happens next by itself, and when. */
export type NextStep =
  | { readonly kind: 'sending' }
  | { readonly kind: 'putting-back' }
  | { readonly kind: 'ask-again' | 'look-again' | 'put-back' | 'give-up'; readonly at: string }

export function nextStep(operation: Operation): NextStep | undefined {
  if (operation.state === 'submitting') return { kind: 'sending' }
  if (operation.state === 'rolling-back') return { kind: 'putting-back' }
  if (!isWaitingForGuest(operation.state) || operation.deadlineAt === undefined) return undefined
  const at = operation.deadlineAt
  if (operation.state === 'deferred')
    return { kind: isAskedForLater(operation) ? 'ask-again' : 'look-again', at }
  if (operation.attempts < operation.policy.attempts) return { kind: 'ask-again', at }
  switch (operation.policy.ending) {
    case 'put-back':
      return { kind: 'put-back', at }
    case 'fail':
      return { kind: 'give-up', at }
    default:
      return { kind: 'look-again', at }
  }
}

/** The reconciler asks, for what is still leaving, as long as nobody stops the waiting. */
function isAskedForLater({ policy, vcpus }: Operation): boolean {
  const isLeaving = ({ state }: Operation['vcpus'][number]) =>
    state === 'pending-removal' || state === 'stuck'
  return policy.ending === 'reconcile' && vcpus.some(isLeaving)
}

/** What a person can do about the operation in its state; nothing else is offered. */
interface OperationActions {
  /** The guest is asked again now, refused vCPUs too. */
  readonly askAgain: boolean
  /** The policy would give up or put back; the same target is wanted without that end. */
  readonly keepWaiting: boolean
  readonly stopWaiting: boolean
  readonly changeTarget: boolean
  /** The number of sockets to go back to. */
  readonly putBackTo: number | undefined
  readonly tellMe: boolean
}

export const NO_ACTIONS: OperationActions = {
  askAgain: false,
  keepWaiting: false,
  stopWaiting: false,
  changeTarget: false,
  putBackTo: undefined,
  tellMe: false,
}

export function actionsFor(operation: Operation): OperationActions {
  const { kind, state, policy, from, to } = operation
  if (state !== 'pending' && state !== 'deferred') return { ...NO_ACTIONS, tellMe: isOpen(state) }
  const ends = policy.ending === 'put-back' || policy.ending === 'fail'
  return {
    askAgain: kind === 'unplug' && operation.attempts > 0,
    keepWaiting: kind === 'unplug' && ends && Number.isInteger(to.sockets),
    stopWaiting: true,
    changeTarget: true,
    // Chosen vCPUs may leave a machine without a whole number of sockets; there is no such number to ask for.
    putBackTo: Number.isInteger(from.sockets) && from.sockets >= 1 ? from.sockets : undefined,
    tellMe: true,
  }
}

/** The same target again, this time without an end: takes the place of the running operation. */
export function keepWaitingRequest(operation: Operation): ResizeRequestInput {
  const acknowledge = ACKNOWLEDGEABLE_CODES.filter((code) => operation.acknowledged?.includes(code))
  return {
    sockets: operation.to.sockets,
    mode: operation.mode,
    policy: 'background',
    replaces: operation.id,
    ...(acknowledge.length > 0 ? { acknowledge } : {}),
  }
}
