import { formatDuration, formatVcpuRanges } from '@coreshift/shared'
import { askAgain, askToAdd, askable, awaited, markOverdue, markStuck } from './ask-guest.ts'
import type { Observation } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { bringOnline, needsOnline } from './guest-agent.ts'
import { endedWithMachine, settleLeftovers } from './machine-end.ts'
import { applyObservation, applyRefusals, isOfItsTime, isOnlyNoted, isSameMachine } from './observe-vcpus.ts'
import { idsIn, sayCount } from './operation-sentence.ts'
import { unpause } from './pause-operation.ts'
import { rollBack } from './roll-back.ts'
import { judgeStored, liveDone } from './store-config.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** What a re-read means while the first request has no answer yet. */
export function observedWhileSubmitting(turn: TurnBuilder, observation: Observation): void {
  const { record } = turn
  if (!isOfItsTime(record, observation) || record.memory.writingConfig) return
  if (record.attempts === 0 && !record.memory.submitError) return
  if (record.memory.configStored === true) return judgeStored(turn, observation)
  if (isSameMachine(record, observation) && isOnlyNoted(turn, observation)) return
  if (isCheckAnsweredBy(turn, observation) && record.memory.submitError) {
    return judgeRejected(turn, observation)
  }
  // An event may come before the reply: what it led us to see is kept, the judgement waits for the reply (R3).
  if (isSameMachine(record, observation)) applyObservation(turn, observation)
}

/** What a re-read means for an operation whose request was answered, or whose answer will not come. */
export function judgeObservation(turn: TurnBuilder, observation: Observation): void {
  const { record } = turn
  if (!isOfItsTime(record, observation)) return
  if (record.attempts === 0 && !record.memory.submitError) return
  // The live part is over; only the stored definition's answer is awaited, and that needs no running machine.
  if (record.memory.writingConfig) return
  if (record.memory.configStored === true) return judgeStored(turn, observation)
  if (endedWithMachine(turn, observation)) return
  if (isOnlyNoted(turn, observation)) return

  const fresh = isCheckAnsweredBy(turn, observation)
  if (fresh && record.memory.submitError) return judgeRejected(turn, observation)
  const reason = fresh ? turn.record.memory.checkReason : undefined
  applyObservation(turn, observation)
  applyRefusals(turn, observation)
  if (fresh) {
    unpause(turn)
    turn.forget('checkSince', 'checkReason')
  }
  if (missing(turn).length === 0) return settled(turn, reason === 'deadline')
  if (reason === 'deadline') pastDeadline(turn)
}

function isCheckAnsweredBy(turn: TurnBuilder, observation: Observation): boolean {
  const { checkSince } = turn.record.memory
  return checkSince !== undefined && observation.readAt >= checkSince
}

function missing(turn: TurnBuilder): number[] {
  return turn.record.kind === 'plug' ? idsIn(turn.record, 'adding') : awaited(turn)
}

/** libvirt refused the first request at the door, and the re-read shows what was carried out all the same (R3). */
function judgeRejected(turn: TurnBuilder, observation: Observation): void {
  const error = turn.record.memory.submitError
  const text =
    error?.by === 'guest-agent'
      ? `No unplug was sent: ${error.message}.`
      : `The request was refused by libvirt${error ? `: ${error.message}` : '.'}`
  applyObservation(turn, observation)
  applyRefusals(turn, observation)
  turn.forget('submitError', 'checkSince', 'checkReason', 'paused')
  if (missing(turn).length === 0) {
    turn.set({ state: 'pending' })
    return settled(turn, false)
  }
  // What was refused at the door was never asked of the guest: nothing is pending.
  settleLeftovers(turn, observation)
  if (turn.record.policy.ending === 'put-back' && idsIn(turn.record, 'removed').length > 0) {
    turn.note('rejected', text)
    return rollBack(turn)
  }
  finish(turn, 'failed', {
    text,
    ...(error?.detail !== undefined && { detail: error.detail }),
  })
}

/** Nothing is awaited any more. */
function settled(turn: TurnBuilder, pastDeadlineNow: boolean): void {
  const { record } = turn
  const refused = idsIn(record, 'refused')
  const undone = idsIn(record, record.kind === 'plug' ? 'absent' : 'present')
  if (refused.length === 0 && undone.length === 0) {
    if (record.memory.onlining === true) return
    return needsOnline(turn) ? bringOnline(turn) : liveDone(turn)
  }
  if (refused.length > 0 && record.policy.retryRefused && record.attempts < record.policy.attempts) {
    // The deadline of this request is also the pause before a refused vCPU is asked for again (R15).
    if (pastDeadlineNow) askAgain(turn, refused, 'pending')
    return
  }
  if (record.policy.ending === 'put-back' && record.kind === 'unplug') return rollBack(turn)
  const others =
    undone.length === 0
      ? ''
      : record.kind === 'plug'
        ? `Others removed vCPU ${formatVcpuRanges(undone)} meanwhile. `
        : `Others added vCPU ${formatVcpuRanges(undone)} again meanwhile. `
  const kept = idsIn(record, 'removed').length > 0 ? 'What was removed stays removed' : 'Nothing was removed'
  finish(turn, 'failed', {
    text: `${others}${refused.length > 0 ? `${kept}; the rest is unchanged.` : ''}`.trim(),
  })
}

/** A deadline passed and a re-read after it still shows vCPUs that should be gone (R9). */
function pastDeadline(turn: TurnBuilder): void {
  const { record } = turn
  if (record.kind === 'plug') {
    const lacking = idsIn(record, 'adding')
    if (record.attempts < record.policy.attempts) return askToAdd(turn, lacking)
    return finish(turn, 'failed', {
      text: `libvirt does not show vCPU ${formatVcpuRanges(lacking)} after ${sayCount(record.attempts, 'request')}.`,
    })
  }
  markOverdue(turn)
  if (record.state === 'deferred') return reconcile(turn)
  if (record.attempts < record.policy.attempts) return askAgain(turn, askable(turn), 'pending')
  markStuck(turn)
  switch (record.policy.ending) {
    case 'reconcile':
    case 'keep-waiting': {
      const wait = record.policy.reconcileMs
      turn.set({ state: 'deferred' })
      turn.wakeAt(turn.at + wait)
      turn.tell('deferred', 'info', `Handed to the reconciler; looked at again in ${formatDuration(wait)}.`)
      return
    }
    case 'put-back':
      return rollBack(turn)
    case 'fail':
      return finish(turn, 'failed', {
        text: 'Not done in its window. The guest may still let go; that would be recorded.',
      })
  }
}

/** The silent ones are looked at, and asked for, as long as nobody stops the waiting. */
function reconcile(turn: TurnBuilder): void {
  const { policy } = turn.record
  if (policy.ending === 'keep-waiting') {
    turn.wakeAt(turn.at + policy.reconcileMs)
    turn.note('looked', `Still there; looking again in ${formatDuration(policy.reconcileMs)}.`)
    return
  }
  askAgain(turn, awaited(turn), 'deferred')
}
