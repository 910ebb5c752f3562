import { deadlineOfAttempt, formatDuration, formatVcpuRanges } from '@coreshift/shared'
import { idsIn, sayCount } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** vCPUs whose answer is still out. */
export function awaited(turn: TurnBuilder): number[] {
  return idsIn(turn.record, 'pending-removal', 'stuck')
}

/** vCPUs that the engine asks for again by itself: the silent ones, and the refused ones where the policy says so (R15). */
export function askable(turn: TurnBuilder): number[] {
  const { record } = turn
  return record.policy.retryRefused ? idsIn(record, 'pending-removal', 'stuck', 'refused') : awaited(turn)
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
  const wait = next === 'deferred' ? record.policy.reconcileMs : deadlineOfAttempt(record.policy, attempt)
  turn.wakeAt(turn.at + wait)
  turn.tell(
    'asked-again',
    'info',
    `vCPU ${formatVcpuRanges(ids)} still there: asked again (request ${attempt}), looking again in ${formatDuration(wait)}.`,
    { vcpus: ids },
  )
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: false } })
}

/** Asks again for what an addition still lacks (R18). */
export function askToAdd(turn: TurnBuilder, ids: readonly number[]): void {
  const { record } = turn
  const attempt = record.attempts + 1
  const asked = new Set(ids)
  turn.set({
    attempts: attempt,
    vcpus: record.vcpus.map((vcpu) => (asked.has(vcpu.id) ? { ...vcpu, attempts: vcpu.attempts + 1 } : vcpu)),
  })
  turn.remember({ awaitingAnswer: true })
  turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, attempt))
  const text = `vCPU ${formatVcpuRanges(ids)} not there yet: asked again (request ${attempt}).`
  turn.tell('asked-again', 'info', text, { vcpus: ids })
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: true } })
}

/** The first time a deadline passes with vCPUs still there. */
export function markOverdue(turn: TurnBuilder): void {
  const ids = awaited(turn)
  if (turn.record.overdue || ids.length === 0) return
  turn.set({ overdue: true })
  const waited = formatDuration(turn.at - Date.parse(turn.record.acceptedAt ?? turn.record.createdAt))
  turn.tell('overdue', 'info', `No answer from the guest for vCPU ${formatVcpuRanges(ids)} in ${waited}.`, {
    vcpus: ids,
  })
}

/** All requests of the policy are used up: the silent vCPUs are stuck, nothing more is claimed (R9). */
export function markStuck(turn: TurnBuilder): void {
  const ids = idsIn(turn.record, 'pending-removal')
  if (ids.length === 0) return
  turn.set({
    vcpus: turn.record.vcpus.map((vcpu) =>
      vcpu.state === 'pending-removal'
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
    `vCPU ${formatVcpuRanges(ids)} stuck: no answer to ${sayCount(turn.record.attempts, 'request')}. The guest may still let go.`,
    { vcpus: ids },
  )
}
