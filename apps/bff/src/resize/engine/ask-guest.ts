import { deadlineOfAttempt, formatDuration, formatVcpuRanges } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import { idsIn, sayCount } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { leavingIds, requestsUsed } from './vcpu-wish.ts'

/** vCPUs that the engine asks for again by itself: the silent ones, and the refused ones where the policy says so (R15). */
export function askable(turn: TurnBuilder): number[] {
  const { record } = turn
  const leaving = leavingIds(record)
  return record.policy.retryRefused ? [...leaving, ...idsIn(record, 'refused')].sort(byId) : leaving
}

function byId(a: number, b: number): number {
  return a - b
}

/**
 * Asks again for exactly the vCPUs that are still there, by id: a count would take others if somebody else added
 * vCPUs meanwhile (R8).
 */
export function askAgain(turn: TurnBuilder, ids: readonly number[], next: 'pending' | 'deferred'): void {
  const { record } = turn
  const attempt = record.attempts + 1
  const asked = new Set(ids)
  turn.set({
    attempts: attempt,
    state: next,
    vcpus: record.vcpus.map((vcpu) => {
      if (!asked.has(vcpu.id)) return vcpu
      const state = next === 'deferred' ? ('stuck' as const) : ('pending-removal' as const)
      if (state === vcpu.state) return { ...vcpu, attempts: vcpu.attempts + 1 }
      const { error: _error, ...rest } = vcpu
      return { ...rest, attempts: vcpu.attempts + 1, state, since: turn.instant }
    }),
  })
  turn.remember({ awaitingAnswer: true, reportedFailed: [] })
  turn.forget('paused', 'failedSince', 'checkSince', 'checkReason')
  const wait =
    next === 'deferred'
      ? record.policy.reconcileMs
      : deadlineOfAttempt(record.policy, requestsUsed(turn.record))
  turn.wakeAt(turn.at + wait)
  turn.tell(
    'asked-again',
    'info',
    `vCPU ${formatVcpuRanges(ids)} still there: asked again (request ${attempt}), looking again in ${formatDuration(wait)}.`,
    { vcpus: ids },
  )
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: false } })
}

/** Asks again for what an addition still lacks (R18), and for what is wanted again and went (R21). */
export function askToAdd(turn: TurnBuilder, ids: readonly number[]): void {
  const { record } = turn
  const attempt = record.attempts + 1
  const asked = new Set(ids)
  const again = record.vcpus.some((vcpu) => asked.has(vcpu.id) && vcpu.attempts > 0)
  const aside = record.vcpus.every((vcpu) => !asked.has(vcpu.id) || vcpu.addBack === true)
  turn.set({
    attempts: attempt,
    vcpus: record.vcpus.map((vcpu) => (asked.has(vcpu.id) ? { ...vcpu, attempts: vcpu.attempts + 1 } : vcpu)),
  })
  turn.remember({
    awaitingAnswer: true,
    ...(aside && { sideRequests: (record.memory.sideRequests ?? 0) + 1 }),
  })
  turn.forget('checkSince', 'checkReason')
  turn.wakeAt(turn.at + waitForAddition(turn.record))
  const text = again
    ? `vCPU ${formatVcpuRanges(ids)} not there yet: asked again (request ${attempt}).`
    : `vCPU ${formatVcpuRanges(ids)} went although wanted again: adding back.`
  turn.tell(again ? 'asked-again' : 'adding-back', 'info', text, { vcpus: ids })
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: true } })
}

/** With stuck ones beside it an addition is no reason to ask for those sooner (R9). */
function waitForAddition(record: OperationRecord): number {
  const { policy, state, memory } = record
  if (state === 'deferred' && memory.paused !== true && leavingIds(record).length > 0) {
    return policy.reconcileMs
  }
  return deadlineOfAttempt(policy, Math.max(1, requestsUsed(record)))
}

/** The first time a deadline passes with vCPUs still there. */
export function markOverdue(turn: TurnBuilder): void {
  const ids = leavingIds(turn.record)
  if (turn.record.overdue || ids.length === 0) return
  turn.set({ overdue: true })
  const waited = formatDuration(turn.at - Date.parse(turn.record.acceptedAt ?? turn.record.createdAt))
  turn.tell('overdue', 'info', `No answer from the guest for vCPU ${formatVcpuRanges(ids)} in ${waited}.`, {
    vcpus: ids,
  })
}

/** All requests of the policy are used up: the silent vCPUs are stuck, nothing more is claimed (R9). */
export function markStuck(turn: TurnBuilder): void {
  const { record } = turn
  const ids = leavingIds(record).filter((id) => !idsIn(record, 'stuck').includes(id))
  if (ids.length === 0) return
  turn.set({
    vcpus: turn.record.vcpus.map((vcpu) =>
      ids.includes(vcpu.id)
        ? {
            ...vcpu,
            state: 'stuck' as const,
            since: turn.instant,
            error: `no answer to ${sayCount(vcpu.attempts, 'request')}`,
          }
        : vcpu,
    ),
  })
  turn.tell(
    'stuck',
    'info',
    `vCPU ${formatVcpuRanges(ids)} stuck: no answer to ${sayCount(requestsUsed(record), 'request')}. The guest may still let go.`,
    { vcpus: ids },
  )
}
