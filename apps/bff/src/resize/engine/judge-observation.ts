import { deadlineOfAttempt, formatDuration, formatVcpuRanges } from '@coreshift/shared'
import { askAgain, askable, awaited, markOverdue, markStuck } from './ask-guest.ts'
import type { Observation } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { applyObservation, applyRefusals } from './observe-vcpus.ts'
import { idsIn, sayCount } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** Time after which a re-read that was asked for and never came is asked for again, ms. */
export const RECHECK_MS = 10_000

/** What a re-read means for an operation whose request was answered, or whose answer will not come. */
export function judgeObservation(turn: TurnBuilder, observation: Observation): void {
  // The live part is over; only the stored definition's answer is awaited, and that needs no running machine.
  if (turn.record.memory.writingConfig) return
  if (endedWithMachine(turn, observation)) return
  applyObservation(turn, observation)
  applyRefusals(turn)
  const { memory, kind } = turn.record
  const fresh = memory.checkSince !== undefined && observation.readAt >= memory.checkSince
  const reason = fresh ? memory.checkReason : undefined
  if (fresh) turn.forget('checkSince', 'checkReason')

  const missing = kind === 'plug' ? idsIn(turn.record, 'adding') : awaited(turn)
  if (missing.length === 0) return settled(turn)
  if (reason === 'deadline') return pastDeadline(turn)
}

/** A machine that is gone takes its pending removals with it. Returns whether the operation ended. */
function endedWithMachine(turn: TurnBuilder, observation: Observation): boolean {
  const { machine } = turn.record.memory
  if (observation.presence === 'gone') {
    finish(turn, 'failed', { text: 'The VM no longer exists; nothing is pending any more.' })
    return true
  }
  if (observation.presence === 'stopped') {
    finish(turn, 'failed', { text: 'The VM was shut down meanwhile; nothing is pending any more.' })
    return true
  }
  const now = observation.machine
  if (now === undefined || machine === undefined) return false
  if (now.host !== machine.host) {
    turn.remember({ machine: now })
    turn.note('moved', `The VM runs on another host now; the resize follows it.`)
    return false
  }
  if (now.domainId === machine.domainId) return false
  const wanted = turn.record.kind === 'plug'
  if (turn.record.vcpus.every((vcpu) => observation.enabled.has(vcpu.id) === wanted)) {
    turn.remember({ machine: now })
    turn.note('restarted', 'The VM was restarted meanwhile and came up with the wanted vCPUs.')
    return false
  }
  finish(turn, 'failed', {
    text: `The VM was restarted meanwhile; it runs with ${observation.enabled.size} vCPUs and nothing is pending any more.`,
  })
  return true
}

/** Nothing is awaited any more. */
function settled(turn: TurnBuilder): void {
  const { record } = turn
  const refused = idsIn(record, 'refused')
  if (refused.length === 0) return liveDone(turn)
  if (record.policy.retryRefused && record.attempts < record.policy.attempts) return
  if (record.policy.ending === 'put-back') return rollBack(turn)
  finish(turn, 'failed', { text: 'What was removed stays removed; the rest is unchanged.' })
}

/** The live part reached its target; the stored definition follows only now (R4). */
export function liveDone(turn: TurnBuilder): void {
  const { memory } = turn.record
  if (memory.configTarget === undefined) return finish(turn, 'converged')
  if (memory.writingConfig) return
  turn.set({ state: 'pending' })
  turn.remember({ writingConfig: true })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.note('storing', `Live part done; storing ${memory.configTarget} vCPUs for the next boot.`)
  turn.effect({ type: 'write-config', vcpus: memory.configTarget })
}

/** A deadline passed and a re-read after it still shows vCPUs that should be gone (R9). */
function pastDeadline(turn: TurnBuilder): void {
  const { record } = turn
  if (record.kind === 'plug') {
    const missing = idsIn(record, 'adding')
    if (record.attempts < record.policy.attempts) return askToAdd(turn, missing)
    return finish(turn, 'failed', {
      text: `libvirt does not show vCPU ${formatVcpuRanges(missing)} after ${sayCount(record.attempts, 'request')}.`,
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

function askToAdd(turn: TurnBuilder, ids: readonly number[]): void {
  const attempt = turn.record.attempts + 1
  turn.set({ attempts: attempt })
  turn.remember({ awaitingAnswer: true })
  turn.wakeAt(turn.at + deadlineOfAttempt(turn.record.policy, attempt))
  turn.tell(
    'asked-again',
    'info',
    `vCPU ${formatVcpuRanges(ids)} not there yet: asked again (request ${attempt}).`,
    {
      vcpus: ids,
    },
  )
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: true } })
}

function reconcile(turn: TurnBuilder): void {
  const { policy } = turn.record
  if (policy.ending === 'keep-waiting') {
    turn.wakeAt(turn.at + policy.reconcileMs)
    turn.note('looked', `Still there; looking again in ${formatDuration(policy.reconcileMs)}.`)
    return
  }
  askAgain(turn, askable(turn), 'deferred')
}

/** Strict: what was removed is added back. */
function rollBack(turn: TurnBuilder): void {
  const removed = idsIn(turn.record, 'removed')
  if (removed.length === 0) {
    return finish(turn, 'failed', {
      text: 'Nothing was removed in its window, so nothing had to be put back.',
    })
  }
  turn.set({ state: 'rolling-back' })
  turn.tell('rolling-back', 'info', `Adding back vCPU ${formatVcpuRanges(removed)}.`, { vcpus: removed })
  sendBack(turn, removed)
}

function sendBack(turn: TurnBuilder, ids: readonly number[]): void {
  const attempt = turn.record.attempts + 1
  turn.set({ attempts: attempt })
  turn.remember({ awaitingAnswer: true })
  turn.forget('checkSince', 'checkReason')
  turn.wakeAt(turn.at + deadlineOfAttempt(turn.record.policy, 1))
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: true } })
}

/** Requests after which a roll-back that does not get through is given up. */
const ROLL_BACK_ATTEMPTS = 5

/** What a re-read means while removed vCPUs are being added back. */
export function judgeRollBack(turn: TurnBuilder, observation: Observation): void {
  if (endedWithMachine(turn, observation)) return
  const wasRemoved = idsIn(turn.record, 'removed')
  applyObservation(turn, observation)
  const missing = idsIn(turn.record, 'removed')
  if (missing.length === 0) return finish(turn, 'rolled-back')
  const late = missing.filter((id) => !wasRemoved.includes(id))
  const { memory, attempts, policy } = turn.record
  const past =
    memory.checkReason === 'deadline' &&
    memory.checkSince !== undefined &&
    observation.readAt >= memory.checkSince
  if (late.length > 0) return sendBack(turn, late)
  if (!past) return
  if (attempts >= policy.attempts + ROLL_BACK_ATTEMPTS) {
    return finish(turn, 'failed', { text: `vCPU ${formatVcpuRanges(missing)} could not be added back.` })
  }
  sendBack(turn, missing)
}
