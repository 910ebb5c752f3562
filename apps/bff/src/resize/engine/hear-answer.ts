import { deadlineOfAttempt } from '@coreshift/shared'
import type { InputOf } from './engine-io.ts'
import { RECHECK_MS } from './pause-operation.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** libvirt took the request: that is all it means (R3). */
export function accepted(turn: TurnBuilder, input: InputOf<'accepted'>): void {
  const { record } = turn
  if (record.kind === 'config' || record.attempts === 0) return
  const newest = input.attempt === record.attempts
  const expected = newest && record.memory.awaitingAnswer
  if (expected) turn.remember({ awaitingAnswer: false })
  if (record.acceptedAt === undefined && record.state !== 'rolling-back') {
    turn.set({ acceptedAt: turn.instant })
    turn.forget('submitError')
    const text =
      record.kind === 'plug'
        ? 'libvirt carried out the request.'
        : input.waited === true
          ? 'libvirt asked the guest and stopped waiting for its answer.'
          : 'libvirt took the request and asked the guest.'
    turn.tell('accepted', 'info', text)
  } else if (expected) {
    turn.note('accepted', 'libvirt took the request.')
  }
  if (record.state === 'submitting') {
    turn.set({ state: 'pending' })
    turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, record.attempts))
  }
  turn.effect({ type: 'observe' })
}

/** The first request was refused. A part may have been carried out all the same: the re-read tells (R3). */
export function rejectedFirst(turn: TurnBuilder, input: InputOf<'rejected'>): void {
  const { record } = turn
  if (record.kind === 'config' || record.attempts === 0 || record.memory.submitError) return
  turn.remember({
    awaitingAnswer: false,
    submitError: input.error,
    checkSince: turn.at,
    checkReason: 'answer',
  })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.note('rejected', 'libvirt refused the request.', { detail: input.error.detail ?? input.error.message })
  turn.effect({ type: 'observe' })
}

export function rejectedLater(turn: TurnBuilder, input: InputOf<'rejected'>): void {
  const { record } = turn
  const { memory } = record
  const live = record.kind !== 'config' && !memory.writingConfig && memory.configStored !== true
  // The answer was taken for lost, and comes after all: the guest was never asked.
  if (live && record.acceptedAt === undefined && input.attempt === 1 && record.attempts === 1) {
    return rejectedFirst(turn, input)
  }
  if (input.attempt === record.attempts) turn.remember({ awaitingAnswer: false })
  turn.tell('rejected', 'info', `libvirt refused request ${input.attempt}: ${input.error.message}`, {
    ...(input.error.detail !== undefined && { detail: input.error.detail }),
  })
  turn.effect({ type: 'observe' })
}

/** Nobody knows whether libvirt acted. Re-read, then wait as if it had (R3). */
export function answerLost(turn: TurnBuilder, input: InputOf<'answer-lost'>): void {
  const { record } = turn
  if (record.kind === 'config') return
  if (input.attempt === record.attempts && record.memory.awaitingAnswer) {
    turn.remember({ awaitingAnswer: false })
    if (record.state === 'submitting') {
      turn.set({ state: 'pending' })
      turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, record.attempts))
    }
    const text = `libvirt's answer is missing (${input.error.message}); re-reading what it did.`
    turn.tell('answer-lost', 'info', text)
  }
  turn.effect({ type: 'observe' })
}
