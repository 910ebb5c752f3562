import { formatDuration, formatVcpuRanges } from '@coreshift/shared'
import type { OperationVcpu } from '@coreshift/shared/contract'
import { askAgain, askToAdd, askable, markOverdue, markStuck } from './ask-guest.ts'
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
import {
  ADD_BACK_REQUESTS,
  isInPlace,
  isWanted,
  leavingIds,
  requestsUsed,
  unaskedIds,
  undecidedIds,
} from './vcpu-wish.ts'

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
  if (missing(turn).length === 0) {
    // Nothing is left of what libvirt may have refused.
    turn.forget('submitError')
    return settled(turn, reason === 'deadline')
  }
  // Whether the first request was carried out comes first (R3).
  if (record.memory.submitError) return
  const unasked = unaskedIds(turn.record)
  if (unasked.add.length > 0) return askToAdd(turn, unasked.add)
  if (unasked.remove.length > 0) return askAgain(turn, unasked.remove, 'pending')
  if (reason === 'deadline') pastDeadline(turn)
}

/** A refusal that was reported meanwhile is judged first: whoever asks again before that forgets it (R15). */
function isCheckAnsweredBy(turn: TurnBuilder, observation: Observation): boolean {
  const { checkSince, failedSince } = turn.record.memory
  return checkSince !== undefined && observation.readAt >= Math.max(checkSince, failedSince ?? 0)
}

function missing(turn: TurnBuilder): number[] {
  return idsIn(turn.record, 'adding', 'pending-removal', 'stuck')
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
  settleLeftovers(turn, observation, turn.record.memory.asked)
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
  const undone = record.vcpus
    .filter((vcpu) => vcpu.state !== 'refused' && !isInPlace(record, vcpu))
    .map((vcpu) => vcpu.id)
  if (refused.length === 0 && undone.length === 0) {
    if (record.memory.onlining === true) return
    return needsOnline(turn) ? bringOnline(turn) : liveDone(turn)
  }
  if (refused.length > 0 && record.policy.retryRefused && requestsUsed(record) < record.policy.attempts) {
    // The deadline of this request is also the pause before a refused vCPU is asked for again (R15).
    if (pastDeadlineNow) askAgain(turn, refused, 'pending')
    return
  }
  if (record.policy.ending === 'put-back' && record.kind === 'unplug') return rollBack(turn)
  const others =
    undone.length === 0
      ? ''
      : undone.every((id) => record.vcpus.some((vcpu) => vcpu.id === id && isWanted(record, vcpu)))
        ? `Others removed vCPU ${formatVcpuRanges(undone)} meanwhile. `
        : `Others added vCPU ${formatVcpuRanges(undone)} again meanwhile. `
  if (record.kind === 'plug') return finish(turn, 'failed', { text: others.trim() })
  const kept = idsIn(record, 'removed').length > 0 ? 'What was removed stays removed' : 'Nothing was removed'
  finish(turn, 'failed', {
    text: `${others}${refused.length > 0 ? `${kept}; the rest is unchanged.` : ''}`.trim(),
  })
}

/** A deadline passed and a re-read after it does not show the wish (R9). */
function pastDeadline(turn: TurnBuilder): void {
  forgetWhatNeverCame(turn)
  if (missing(turn).length === 0) return settled(turn, true)
  const lacking = idsIn(turn.record, 'adding')
  if (lacking.length > 0) return askForLacking(turn, lacking)
  if (leavingIds(turn.record).length === 0) return watchUndecided(turn)
  const { record } = turn
  markOverdue(turn)
  if (record.state === 'deferred') return reconcile(turn)
  if (requestsUsed(record) < record.policy.attempts) return askAgain(turn, askable(turn), 'pending')
  markStuck(turn)
  switch (record.policy.ending) {
    case 'reconcile':
    case 'keep-waiting':
      return defer(turn, 'Handed to the reconciler')
    case 'put-back':
      return rollBack(turn)
    case 'fail':
      return finish(turn, 'failed', {
        text: 'Not done in its window. The guest may still let go; that would be recorded.',
      })
  }
}

/** An addition of the operation that gave way, not wanted any more, that did not show in all that time. */
function forgetWhatNeverCame(turn: TurnBuilder): void {
  const { record } = turn
  const never = (vcpu: OperationVcpu): boolean => vcpu.state === 'adding' && !isWanted(record, vcpu)
  if (!record.vcpus.some(never)) return
  turn.set({
    vcpus: record.vcpus.map((vcpu) =>
      never(vcpu) ? { ...vcpu, state: 'removed' as const, since: turn.instant } : vcpu,
    ),
  })
}

function askForLacking(turn: TurnBuilder, lacking: readonly number[]): void {
  const { vcpus, policy } = turn.record
  const these = vcpus.filter((vcpu) => lacking.includes(vcpu.id))
  const requests = Math.max(...these.map((vcpu) => vcpu.attempts))
  const bound = these.some((vcpu) => vcpu.addBack === true)
    ? Math.max(policy.attempts, ADD_BACK_REQUESTS)
    : policy.attempts
  if (requests < bound) return askToAdd(turn, lacking)
  if (policy.ending === 'put-back' && turn.record.kind === 'unplug') return rollBack(turn)
  finish(turn, 'failed', {
    text: `libvirt does not show vCPU ${formatVcpuRanges(lacking)} after ${sayCount(requests, 'request')}.`,
  })
}

/** All is as wished, but the guest was asked for some of it and may still let go (R21). */
function watchUndecided(turn: TurnBuilder): void {
  const { state, policy } = turn.record
  if (policy.ending === 'put-back' || policy.ending === 'fail') return settled(turn, true)
  if (state === 'deferred') return lookLater(turn)
  const ids = formatVcpuRanges(undecidedIds(turn.record))
  defer(turn, `vCPU ${ids} is there as wanted, may still go as asked before, and would be added back`)
}

function defer(turn: TurnBuilder, why: string): void {
  const wait = turn.record.policy.reconcileMs
  turn.set({ state: 'deferred' })
  turn.wakeAt(turn.at + wait)
  turn.tell('deferred', 'info', `${why}; looked at again in ${formatDuration(wait)}.`)
}

/** The silent ones are looked at, and asked for, as long as nobody stops the waiting. */
function reconcile(turn: TurnBuilder): void {
  if (turn.record.policy.ending === 'keep-waiting') return lookLater(turn)
  askAgain(turn, leavingIds(turn.record), 'deferred')
}

function lookLater(turn: TurnBuilder): void {
  const wait = turn.record.policy.reconcileMs
  const leaving = leavingIds(turn.record)
  const ids = formatVcpuRanges(leaving.length > 0 ? leaving : undecidedIds(turn.record))
  const there = leaving.length > 0 ? 'still there' : 'there as wanted, and may still go'
  turn.wakeAt(turn.at + wait)
  turn.note('looked', `vCPU ${ids} ${there}; looking again in ${formatDuration(wait)}.`)
}
