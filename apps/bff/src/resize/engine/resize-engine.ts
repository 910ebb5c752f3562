/**
 * The resize engine: a pure function from an operation and an input to the changed operation, the effects to
 * perform and the audit entries to store with it. No I/O, no clock. The rules (R1 …) are in resize-rules.md.
 *
 *              begin            accepted / no answer              re-read shows target
 *   created ─────────▶ submitting ────────────────▶ pending ─────────────────────────▶ converged
 *                          │                        │  ▲ │  ▲                              ▲
 *             rejected,    │       deadline,        │  │ │  │ retry                        │ late
 *             re-read      ▼       attempts left:   └──┘ ▼  │                              │
 *                        failed    ask again           deferred ───────────────────────────┘
 *                          ▲                             │ re-read, ask again, for ever
 *                          │ refused / not in window     │ strict
 *                          └──────────── pending ────────┴─▶ rolling-back ──▶ rolled-back
 *   a person: any open state ──▶ abandoned.  Late completions are recorded in ended states too.
 */
import { deadlineOfAttempt, unitOf, type OperationState } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import { askAgain, askable } from './ask-guest.ts'
import type { Input, InputOf, InputType, Turn } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { RECHECK_MS, judgeObservation, judgeRollBack } from './judge-observation.ts'
import { applyObservation } from './observe-vcpus.ts'
import { TurnBuilder } from './turn-builder.ts'

type Handler<T extends InputType> = (turn: TurnBuilder, input: InputOf<T>) => void
type Row = { readonly [T in InputType]: Handler<T> }

/** "Nothing happens" is a decision too, and has a name in the table. */
const ignore = (): void => undefined

function begin(turn: TurnBuilder): void {
  const { record } = turn
  const { memory } = record
  turn.set({ attempts: 1, vcpus: record.vcpus.map((vcpu) => ({ ...vcpu, attempts: 1 })) })
  turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, 1))
  if (record.kind === 'config') {
    turn.remember({ writingConfig: true })
    turn.effect({ type: 'write-config', vcpus: memory.configTarget ?? record.to.vcpus })
    return
  }
  turn.remember({ awaitingAnswer: true })
  const ids = record.vcpus.map((vcpu) => vcpu.id)
  const enable = record.kind === 'plug'
  turn.effect({
    type: 'send',
    attempt: 1,
    call:
      memory.method === 'count'
        ? { kind: 'set-count', vcpus: memory.liveTarget ?? record.to.vcpus, ids, enable }
        : { kind: 'set-vcpus', ids, enable },
  })
}

function accepted(turn: TurnBuilder, input: InputOf<'accepted'>): void {
  const first = turn.record.acceptedAt === undefined
  turn.remember({ awaitingAnswer: false })
  if (!first) {
    turn.note('accepted', 'libvirt took the request.')
  } else {
    turn.set({ acceptedAt: turn.instant })
    const text =
      turn.record.kind === 'plug'
        ? 'libvirt carried out the request.'
        : input.waited === true
          ? 'libvirt asked the guest and stopped waiting for its answer.'
          : 'libvirt took the request and asked the guest.'
    turn.tell('accepted', 'info', text)
  }
  if (turn.record.state === 'submitting') {
    turn.set({ state: 'pending' })
    turn.wakeAt(turn.at + deadlineOfAttempt(turn.record.policy, turn.record.attempts))
  }
  turn.effect({ type: 'observe' })
}

/** The first request was refused. A part may have been carried out all the same: the re-read tells (R3). */
function rejectedFirst(turn: TurnBuilder, input: InputOf<'rejected'>): void {
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

function rejectedLater(turn: TurnBuilder, input: InputOf<'rejected'>): void {
  turn.remember({ awaitingAnswer: false })
  turn.tell('rejected', 'info', `libvirt refused request ${input.attempt}: ${input.error.message}`, {
    ...(input.error.detail !== undefined && { detail: input.error.detail }),
  })
  turn.effect({ type: 'observe' })
}

/** Nobody knows whether libvirt acted. Re-read, then wait as if it had (R3). */
function answerLost(turn: TurnBuilder, input: InputOf<'answer-lost'>): void {
  turn.remember({ awaitingAnswer: false })
  if (turn.record.state === 'submitting' && turn.record.kind !== 'config') {
    turn.set({ state: 'pending' })
    turn.wakeAt(turn.at + deadlineOfAttempt(turn.record.policy, turn.record.attempts))
  }
  turn.tell(
    'answer-lost',
    'info',
    `libvirt's answer is missing (${input.error.message}); re-reading what it did.`,
  )
  turn.effect({ type: 'observe' })
}

/** The event is a hint to look, never proof (R1); about other vCPUs or twice it is no hint at all (R7). */
function vcpuRemovedEvent(turn: TurnBuilder, input: InputOf<'vcpu-removed'>): void {
  const vcpu = turn.record.vcpus.find((candidate) => candidate.id === input.vcpu)
  if (!vcpu || turn.record.kind !== 'unplug') return
  if (vcpu.state === 'removed' || vcpu.state === 'present') return
  turn.note('event-vcpu-removed', `libvirt reports vCPU ${input.vcpu} removed; re-reading.`, {
    vcpus: [input.vcpu],
  })
  turn.effect({ type: 'observe' })
}

function removalFailedEvent(turn: TurnBuilder, input: InputOf<'removal-failed'>): void {
  const { memory, kind, vcpus } = turn.record
  if (kind !== 'unplug') return
  const ours = vcpus.some(
    (vcpu) =>
      unitOf(vcpu.id, memory.unitSize) === input.unit &&
      (vcpu.state === 'pending-removal' || vcpu.state === 'stuck'),
  )
  if (!ours) return
  if (!memory.reportedFailed.includes(input.unit)) {
    turn.remember({ reportedFailed: [...memory.reportedFailed, input.unit] })
  }
  turn.note('event-removal-failed', `libvirt reports a failed removal (${input.alias}); re-reading.`, {
    vcpus: [input.unit],
    detail: input.alias,
  })
  turn.effect({ type: 'observe' })
}

function observedWhileSubmitting(turn: TurnBuilder, input: InputOf<'observed'>): void {
  const { observation } = input
  const { memory, kind } = turn.record
  const answered = memory.checkSince !== undefined && observation.readAt >= memory.checkSince
  if (kind === 'config') {
    if (!answered) return
    if (observation.configCount === memory.configTarget && observation.presence !== 'gone')
      return finish(turn, 'converged')
    return finish(turn, 'failed', {
      text:
        observation.presence === 'gone'
          ? 'The VM no longer exists.'
          : (memory.submitError?.message ??
            `The stored definition shows ${observation.configCount ?? 'no'} vCPUs after the change.`),
      ...(memory.submitError?.detail !== undefined && { detail: memory.submitError.detail }),
    })
  }
  if (memory.submitError === undefined || !answered) {
    // An event may come before the reply: what it led us to see is kept, the judgement waits for the reply.
    applyObservation(turn, observation)
    return
  }
  const error = memory.submitError
  applyObservation(turn, observation)
  const settledAs = kind === 'plug' ? 'present' : 'removed'
  if (turn.record.vcpus.length > 0 && turn.record.vcpus.every((vcpu) => vcpu.state === settledAs)) {
    turn.set({ state: 'pending' })
    return judgeObservation(turn, observation)
  }
  // What was refused at the door was never asked of the guest: nothing is pending.
  turn.set({
    vcpus: turn.record.vcpus.map((vcpu) =>
      vcpu.state === 'pending-removal'
        ? { ...vcpu, state: 'present' as const }
        : vcpu.state === 'adding'
          ? { ...vcpu, state: 'absent' as const }
          : vcpu,
    ),
  })
  finish(turn, 'failed', {
    text: error.message,
    ...(error.detail !== undefined && { detail: error.detail }),
  })
}

/** The deadline only makes us look; what the look shows decides (R9). */
function lookAgain(turn: TurnBuilder): void {
  const { memory, kind, state } = turn.record
  turn.wakeAt(turn.at + RECHECK_MS)
  if (memory.hostLost) {
    turn.note('host-still-lost', 'The host still cannot be reached.')
    return
  }
  if (memory.writingConfig) {
    turn.effect({ type: 'write-config', vcpus: memory.configTarget ?? turn.record.to.vcpus })
    return
  }
  if (state === 'submitting' && kind !== 'config' && memory.submitError === undefined) {
    return answerLost(turn, {
      type: 'answer-lost',
      at: turn.at,
      attempt: turn.record.attempts,
      error: { message: 'no answer in time' },
    })
  }
  turn.remember({ checkSince: turn.at, checkReason: state === 'submitting' ? 'answer' : 'deadline' })
  turn.effect({ type: 'observe' })
}

function hostLost(turn: TurnBuilder, input: InputOf<'host-lost'>): void {
  if (turn.record.memory.hostLost) return
  turn.remember({ hostLost: true })
  turn.note('host-lost', `The host cannot be reached: ${input.cause}`)
}

/** Events of the time without a connection are lost, and the guest had no chance to be heard: look, then wait anew. */
function hostBack(turn: TurnBuilder): void {
  const { record } = turn
  if (record.memory.hostLost) {
    turn.remember({ hostLost: false })
    turn.note('host-back', 'The host is connected again; re-reading.')
    if (record.state === 'pending' || record.state === 'rolling-back') {
      turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, record.attempts))
    }
  }
  if (turn.record.memory.writingConfig) {
    turn.effect({ type: 'write-config', vcpus: turn.record.memory.configTarget ?? record.to.vcpus })
    return
  }
  turn.effect({ type: 'observe' })
}

function configWritten(turn: TurnBuilder): void {
  if (!turn.record.memory.writingConfig) return
  if (turn.record.kind !== 'config') return finish(turn, 'converged')
  turn.remember({ writingConfig: false, checkSince: turn.at, checkReason: 'answer' })
  turn.effect({ type: 'observe' })
}

function configFailed(turn: TurnBuilder, input: InputOf<'config-failed'>): void {
  if (!turn.record.memory.writingConfig) return
  const done =
    turn.record.kind === 'config' ? '' : 'The running VM was resized, but its stored definition was not: '
  finish(turn, 'failed', {
    text: `${done}${input.error.message}`,
    ...(input.error.detail !== undefined && { detail: input.error.detail }),
  })
}

function retry(turn: TurnBuilder, input: InputOf<'retry'>): void {
  const { record } = turn
  if (record.kind !== 'unplug' || record.memory.writingConfig || record.memory.hostLost) return
  const ids = askable(turn)
  if (ids.length === 0) return
  turn.audit('resize.retry', 'info', `${input.by.name} had the guest asked again.`, { actor: input.by })
  turn.forget('checkSince', 'checkReason')
  askAgain(turn, ids, 'pending')
}

function abandon(turn: TurnBuilder, input: InputOf<'abandon'>): void {
  finish(turn, 'abandoned', { by: input.by })
}

/** After a restart of the server nothing is known but the record: ask the host as soon as it is there (R10). */
function resume(turn: TurnBuilder): void {
  const { record } = turn
  if (record.attempts === 0) return begin(turn)
  turn.remember({ hostLost: true, awaitingAnswer: false })
  turn.note('resumed', 'Coreshift was restarted; re-reading as soon as the host is connected.')
  // A request that libvirt had refused stays where it is: the next re-read ends it.
  if (record.state === 'submitting' && record.kind !== 'config' && record.memory.submitError === undefined) {
    turn.set({ state: 'pending' })
  }
}

/** A completion that comes after the close is recorded and corrects the operation (R6). */
function observedAfterEnd(turn: TurnBuilder, input: InputOf<'observed'>): void {
  const { memory, kind } = turn.record
  if (kind !== 'unplug' || input.observation.presence !== 'running') return
  const { machine } = input.observation
  if (
    machine &&
    memory.machine &&
    machine.host === memory.machine.host &&
    machine.domainId !== memory.machine.domainId
  )
    return
  applyObservation(turn, input.observation, true)
}

const ended: Row = {
  begin: ignore,
  accepted: ignore,
  rejected: ignore,
  'answer-lost': ignore,
  'vcpu-removed': ignore,
  'removal-failed': ignore,
  observed: observedAfterEnd,
  timer: ignore,
  'host-lost': ignore,
  'host-back': ignore,
  'config-written': ignore,
  'config-failed': ignore,
  retry: ignore,
  abandon: ignore,
  resume: ignore,
}

const waiting: Row = {
  begin: ignore,
  accepted,
  rejected: rejectedLater,
  'answer-lost': answerLost,
  'vcpu-removed': vcpuRemovedEvent,
  'removal-failed': removalFailedEvent,
  observed: (turn, input) => judgeObservation(turn, input.observation),
  timer: lookAgain,
  'host-lost': hostLost,
  'host-back': hostBack,
  'config-written': configWritten,
  'config-failed': configFailed,
  retry,
  abandon,
  resume,
}

/** Every state meets every input: a forgotten cell does not compile. */
const table: Readonly<Record<OperationState, Row>> = {
  submitting: {
    begin: (turn) => (turn.record.attempts === 0 ? begin(turn) : undefined),
    accepted,
    rejected: rejectedFirst,
    'answer-lost': answerLost,
    'vcpu-removed': vcpuRemovedEvent,
    'removal-failed': removalFailedEvent,
    observed: observedWhileSubmitting,
    timer: lookAgain,
    'host-lost': hostLost,
    'host-back': hostBack,
    'config-written': configWritten,
    'config-failed': configFailed,
    retry: ignore,
    abandon,
    resume,
  },
  pending: waiting,
  deferred: waiting,
  'rolling-back': {
    ...waiting,
    observed: (turn, input) => judgeRollBack(turn, input.observation),
    retry: ignore,
  },
  converged: ended,
  failed: ended,
  abandoned: ended,
  'rolled-back': ended,
}

/**
 * Lets one input act on one operation.
 * @returns the same record object when nothing changed
 */
export function advance(record: OperationRecord, input: Input): Turn {
  const turn = new TurnBuilder(record, input.at)
  const handler = table[record.state][input.type] as (turn: TurnBuilder, input: Input) => void
  handler(turn, input)
  return turn.build()
}
