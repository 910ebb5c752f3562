import { deadlineOfAttempt } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** Time after which a re-read or a write that was asked for and never came is asked for again, ms. */
export const RECHECK_MS = 10_000

/**
 * The host cannot be asked: nothing is decided, and the wait is visible with the time of the next look (R12).
 * A roll-back stays one: what it owes the VM must not look like an ordinary wait.
 */
export function pause(turn: TurnBuilder, why: string): void {
  const { state, policy } = turn.record
  if (state === 'pending' || state === 'submitting') {
    turn.set({ state: 'deferred' })
    turn.remember({ paused: true })
    turn.tell('deferred', 'info', why)
  }
  turn.wakeAt(turn.at + Math.max(RECHECK_MS, policy.reconcileMs))
}

/** Goes on where it was when the host could last be asked. */
export function unpause(turn: TurnBuilder): void {
  if (turn.record.memory.paused !== true) return
  turn.forget('paused')
  turn.set({ state: stateBeforePause(turn.record) })
}

function stateBeforePause(record: OperationRecord): 'submitting' | 'pending' {
  return record.attempts === 0 || record.kind === 'config' ? 'submitting' : 'pending'
}

/** The time that a request has, counted from now. */
export function waitAnew(turn: TurnBuilder): void {
  const { state, policy, attempts } = turn.record
  const attempt = state === 'rolling-back' ? 1 : attempts
  turn.wakeAt(turn.at + (state === 'deferred' ? policy.reconcileMs : deadlineOfAttempt(policy, attempt)))
}
