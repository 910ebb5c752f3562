import { formatDuration, formatVcpuRanges } from '@coreshift/shared'
import type { InputOf } from './engine-io.ts'
import { RECHECK_MS } from './pause-operation.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { leavingIds } from './vcpu-wish.ts'

/** Time that a guest agent has for an answer: agents hang, and an operation must not (R20), ms. */
const AGENT_WAIT_MS = 30_000

const NO_ANSWER = `the guest agent gave no answer in ${formatDuration(AGENT_WAIT_MS)}`

function idsOf(turn: TurnBuilder): number[] {
  return turn.record.vcpus.map((vcpu) => vcpu.id)
}

/** Whether the guest has to take the vCPUs offline before the first request. */
export function needsDrain(turn: TurnBuilder): boolean {
  return turn.record.policy.drain === true && toDrain(turn).length > 0
}

/** vCPUs that are to go and that the guest did not take offline yet. */
function toDrain(turn: TurnBuilder): number[] {
  const drained = turn.record.memory.drained ?? []
  return leavingIds(turn.record).filter((id) => !drained.includes(id))
}

/** Nothing is asked of libvirt before the guest took the vCPUs offline itself (R22). */
export function startDrain(turn: TurnBuilder): void {
  turn.remember({ draining: true })
  turn.wakeAt(turn.at + AGENT_WAIT_MS)
  const ids = toDrain(turn)
  turn.note('draining', `Asking the guest agent to take vCPU ${formatVcpuRanges(ids)} offline first.`, {
    vcpus: ids,
  })
  turn.effect({ type: 'drain', vcpus: ids })
}

/** Remembers what the guest took offline. Returns whether that was awaited. */
export function noteDrained(turn: TurnBuilder, input: InputOf<'drained'>): boolean {
  if (turn.record.memory.draining !== true) return false
  turn.forget('draining')
  const before = turn.record.memory.drained ?? []
  turn.remember({ drained: [...new Set([...before, ...toDrain(turn), ...input.vcpus])] })
  turn.tell('drained', 'info', `The guest took vCPU ${formatVcpuRanges(input.vcpus)} offline.`, {
    vcpus: input.vcpus,
  })
  return true
}

/** The guest cannot do without them, or nobody answers: no unplug is sent, and a drain half done is undone (R22). */
export function drainRefused(turn: TurnBuilder, reason = NO_ANSWER): void {
  if (turn.record.memory.draining !== true) return
  turn.forget('draining')
  turn.remember({
    submitError: { message: reason, by: 'guest-agent' },
    checkSince: turn.at,
    checkReason: 'answer',
  })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.tell('drain-refused', 'info', `No unplug was sent: ${reason}.`)
  turn.effect({ type: 'online', vcpus: leavingIds(turn.record) })
  turn.effect({ type: 'observe' })
}

/** Whether what was added still has to be brought online in the guest. */
export function needsOnline(turn: TurnBuilder): boolean {
  const { kind, policy, memory } = turn.record
  return kind === 'plug' && policy.bringOnline === true && memory.onlineAnswered !== true
}

/** The hypervisor shows what was added; many guests leave it offline until they are told (R23). */
export function bringOnline(turn: TurnBuilder): void {
  if (turn.record.memory.onlining !== true) {
    const ids = formatVcpuRanges(idsOf(turn))
    turn.note('onlining', `Asking the guest agent to bring vCPU ${ids} online.`)
  }
  turn.remember({ onlining: true })
  turn.wakeAt(turn.at + AGENT_WAIT_MS)
  turn.effect({ type: 'online', vcpus: idsOf(turn) })
}

export function onlineAnswered(
  turn: TurnBuilder,
  offline: readonly number[],
  reason: string | undefined,
): void {
  if (turn.record.memory.onlining !== true) return
  turn.forget('onlining')
  const left = turn.record.vcpus.filter((vcpu) => vcpu.state === 'present' && offline.includes(vcpu.id))
  const ids = left.map((vcpu) => vcpu.id)
  const error = reason ?? 'left offline by the guest'
  turn.set({
    vcpus: turn.record.vcpus.map((vcpu) =>
      ids.includes(vcpu.id) ? { ...vcpu, state: 'guest-offline' as const, since: turn.instant, error } : vcpu,
    ),
  })
  if (ids.length > 0) {
    const text = `The guest leaves vCPU ${formatVcpuRanges(ids)} offline: ${error}.`
    turn.tell('guest-offline', 'info', text, { vcpus: ids })
  } else if (reason !== undefined) {
    turn.tell('guest-offline', 'info', `What was added could not be brought online in the guest: ${reason}.`)
  } else {
    turn.note('online', 'The guest uses what was added.')
  }
  turn.remember({ onlineAnswered: true, checkSince: turn.at, checkReason: 'answer' })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.effect({ type: 'observe' })
}

/** The agent's time is up. Returns whether its answer was what was waited for. */
export function agentTimedOut(turn: TurnBuilder): boolean {
  const { draining, onlining } = turn.record.memory
  if (draining === true) drainRefused(turn)
  if (onlining === true) onlineAnswered(turn, [], NO_ANSWER)
  return draining === true || onlining === true
}

export function onlineDone(turn: TurnBuilder, input: InputOf<'online-done'>): void {
  const offline = turn.record.vcpus.map((vcpu) => vcpu.id).filter((id) => !input.online.includes(id))
  onlineAnswered(turn, offline, undefined)
}
