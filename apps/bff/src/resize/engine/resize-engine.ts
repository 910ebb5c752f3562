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
import {
  deadlineOfAttempt,
  formatVcpuRanges,
  isWaitingForGuest,
  unitOf,
  type OperationState,
} from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import { askAgain } from './ask-guest.ts'
import type { Input, InputOf, InputType, Turn } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import {
  agentTimedOut,
  bringOnline,
  drainRefused,
  needsDrain,
  noteDrained,
  onlineAnswered,
  startDrain,
} from './guest-agent.ts'
import { judgeObservation, observedWhileSubmitting } from './judge-observation.ts'
import { applyObservation, isOfItsTime, isSameMachine } from './observe-vcpus.ts'
import { idsIn } from './operation-sentence.ts'
import { RECHECK_MS, pause, unpause, waitAnew } from './pause-operation.ts'
import { judgeRollBack } from './roll-back.ts'
import { configFailed, configWritten, liveDone, writeConfig } from './store-config.ts'
import { TurnBuilder } from './turn-builder.ts'

type Handler<T extends InputType> = (turn: TurnBuilder, input: InputOf<T>) => void
type Row = { readonly [T in InputType]: Handler<T> }

/** "Nothing happens" is a decision too, and has a name in the table. */
const ignore = (): void => undefined

/** The first request; also from the deadline or the host's return when `begin` itself got lost (R11). */
function begin(turn: TurnBuilder): void {
  const { record } = turn
  const { memory } = record
  // Without the host nothing is sent; its return begins.
  if (record.attempts > 0 || memory.hostLost || memory.submitError) return
  if (record.vcpus.length > 0 && needsDrain(turn)) return startDrain(turn)
  turn.set({ attempts: 1, vcpus: record.vcpus.map((vcpu) => ({ ...vcpu, attempts: 1 })) })
  if (record.kind === 'config') return writeConfig(turn)
  // Libvirt would take a request that moves nothing, but there is nothing to wait for (R16).
  if (record.vcpus.length === 0) return liveDone(turn)
  turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, 1))
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

/** libvirt took the request: that is all it means (R3). */
function accepted(turn: TurnBuilder, input: InputOf<'accepted'>): void {
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
function rejectedFirst(turn: TurnBuilder, input: InputOf<'rejected'>): void {
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

function rejectedLater(turn: TurnBuilder, input: InputOf<'rejected'>): void {
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
function answerLost(turn: TurnBuilder, input: InputOf<'answer-lost'>): void {
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

/** The event is a hint to look, never proof (R1); about other vCPUs or twice it is no hint at all (R7). */
function vcpuRemovedEvent(turn: TurnBuilder, input: InputOf<'vcpu-removed'>): void {
  if (!isStillOut(turn.record, input.vcpu)) return
  turn.note('event-vcpu-removed', `libvirt reports vCPU ${input.vcpu} removed; re-reading.`, {
    vcpus: [input.vcpu],
  })
  turn.effect({ type: 'observe' })
}

function isStillOut(record: OperationRecord, id: number): boolean {
  const out = idsIn(record, 'pending-removal', 'stuck', 'refused')
  return record.kind === 'unplug' && out.includes(id)
}

function removalFailedEvent(turn: TurnBuilder, input: InputOf<'removal-failed'>): void {
  const { memory, kind } = turn.record
  if (kind !== 'unplug') return
  const out = idsIn(turn.record, 'pending-removal', 'stuck')
  if (!out.some((id) => unitOf(id, memory.unitSize) === input.unit)) return
  turn.effect({ type: 'observe' })
  if (memory.reportedFailed.includes(input.unit)) return
  turn.remember({
    reportedFailed: [...memory.reportedFailed, input.unit],
    failedSince: turn.at,
  })
  turn.note('event-removal-failed', `libvirt reports a failed removal (${input.alias}); re-reading.`, {
    vcpus: [input.unit],
    detail: input.alias,
  })
}

/** Only now libvirt is asked (R22). */
function drained(turn: TurnBuilder, input: InputOf<'drained'>): void {
  if (noteDrained(turn, input)) begin(turn)
}

function onlineDone(turn: TurnBuilder, input: InputOf<'online-done'>): void {
  const offline = turn.record.vcpus.map((vcpu) => vcpu.id).filter((id) => !input.online.includes(id))
  onlineAnswered(turn, offline, undefined)
}

/** The deadline only makes us look; what the look shows decides (R9). */
function lookAgain(turn: TurnBuilder): void {
  const { memory, kind, state, attempts, deadlineAt, hostName } = turn.record
  // A timer of a deadline that has been moved since.
  if (deadlineAt !== undefined && turn.at < Date.parse(deadlineAt)) return
  if (memory.hostLost)
    return pause(turn, `Host ${hostName} cannot be reached; nothing is decided until it is.`)
  if (agentTimedOut(turn)) return
  if (attempts === 0 && !memory.submitError) return begin(turn)
  if (memory.writingConfig) {
    turn.note('storing', "libvirt's answer is missing; asking again to store the next boot's vCPUs.")
    return writeConfig(turn)
  }
  if (state === 'submitting' && kind !== 'config' && memory.submitError === undefined) {
    return answerLost(turn, {
      type: 'answer-lost',
      at: turn.at,
      attempt: attempts,
      error: { message: 'no answer in time' },
    })
  }
  if (memory.configStored === true || memory.submitError) {
    turn.remember({ checkSince: turn.at, checkReason: 'answer' })
    turn.wakeAt(turn.at + RECHECK_MS)
  } else if (memory.checkReason === 'deadline') {
    turn.remember({ checkSince: turn.at })
    pause(turn, `No re-read came in ${RECHECK_MS / 1000} s; nothing is decided until one does.`)
  } else {
    turn.remember({ checkSince: turn.at, checkReason: 'deadline' })
    turn.wakeAt(turn.at + RECHECK_MS)
  }
  turn.effect({ type: 'observe' })
}

function hostLost(turn: TurnBuilder, input: InputOf<'host-lost'>): void {
  if (turn.record.memory.hostLost) return
  turn.remember({ hostLost: true })
  turn.note('host-lost', `The host cannot be reached: ${input.cause}`)
}

/** Events of the time without a connection are lost, and the guest had no chance to be heard: look, then wait anew (R12). */
function hostBack(turn: TurnBuilder): void {
  if (turn.record.memory.hostLost) {
    turn.remember({ hostLost: false, configWrites: 0 })
    turn.note('host-back', 'The host is connected again; re-reading.')
    unpause(turn)
    if (turn.record.memory.checkReason === 'deadline') turn.forget('checkSince', 'checkReason')
    if (turn.record.attempts === 0 && !turn.record.memory.submitError) return begin(turn)
    if (turn.record.memory.onlining === true) return bringOnline(turn)
    if (turn.record.memory.writingConfig) return writeConfig(turn)
    if (isWaitingForGuest(turn.record.state)) waitAnew(turn)
  }
  turn.effect({ type: 'observe' })
}

/** A person wants the guest asked now; the refused vCPUs too, whatever the policy says (R17). */
function retry(turn: TurnBuilder, input: InputOf<'retry'>): void {
  const { record } = turn
  const { memory } = record
  if (record.kind !== 'unplug' || record.attempts === 0 || memory.hostLost || memory.submitError) return
  if (memory.writingConfig || memory.configStored === true) return
  const ids = idsIn(record, 'pending-removal', 'stuck', 'refused')
  if (ids.length === 0) return
  turn.audit('resize.retry', 'info', `${input.by.name} had the guest asked again.`, { actor: input.by })
  turn.note('retry', `${input.by.name} had the guest asked again.`)
  askAgain(turn, ids, 'pending')
}

function abandon(turn: TurnBuilder, input: InputOf<'abandon'>): void {
  finish(turn, 'abandoned', { by: input.by })
}

/** After a restart of the server nothing is known but the record: ask the host as soon as it is there (R10). */
function resume(turn: TurnBuilder): void {
  const { record } = turn
  const { memory } = record
  turn.remember({ hostLost: true, awaitingAnswer: false })
  turn.note('resumed', 'Coreshift was restarted; re-reading as soon as the host is connected.')
  // A request that libvirt had refused stays where it is: the next re-read ends it.
  if (
    record.state === 'submitting' &&
    record.kind !== 'config' &&
    record.attempts > 0 &&
    !memory.submitError
  ) {
    turn.set({ state: 'pending' })
  }
  stepBackToNow(turn)
  waitAnew(turn)
}

/** The clock may have been set back while the server was down: nothing that was written can lie in the future (R2). */
function stepBackToNow(turn: TurnBuilder): void {
  const { vcpus, createdAt, memory } = turn.record
  if (Date.parse(createdAt) > turn.at) turn.set({ createdAt: turn.instant })
  if (vcpus.some((vcpu) => Date.parse(vcpu.since) > turn.at)) {
    turn.set({
      vcpus: vcpus.map((vcpu) =>
        Date.parse(vcpu.since) > turn.at ? { ...vcpu, since: turn.instant } : vcpu,
      ),
    })
  }
  if ((memory.checkSince ?? 0) > turn.at) turn.remember({ checkSince: turn.at })
  if ((memory.failedSince ?? 0) > turn.at) turn.remember({ failedSince: turn.at })
}

/** A completion that comes after the close is recorded and corrects the operation (R6). */
function observedAfterEnd(turn: TurnBuilder, input: InputOf<'observed'>): void {
  const { record } = turn
  const { observation } = input
  if (record.kind !== 'unplug' || observation.presence !== 'running') return
  if (!isOfItsTime(record, observation) || !isSameMachine(record, observation)) return
  applyObservation(turn, observation, true)
}

/** Two operations must not both claim the same removal: from now on it is the newer one's (R6). */
function takenOver(turn: TurnBuilder, input: InputOf<'taken-over'>): void {
  const before = turn.record.memory.takenOver ?? []
  const handed = idsIn(turn.record, 'pending-removal', 'stuck').filter(
    (id) => input.vcpus.includes(id) && !before.includes(id),
  )
  if (handed.length === 0) return
  turn.remember({ takenOver: [...before, ...handed] })
  turn.note('taken-over', `A newer resize asks for vCPU ${formatVcpuRanges(handed)} now.`, {
    vcpus: handed,
    detail: input.by,
  })
}

/** Nothing is changed by an event alone, but a late completion is worth a look (R6). */
function vcpuRemovedAfterEnd(turn: TurnBuilder, input: InputOf<'vcpu-removed'>): void {
  if (isStillOut(turn.record, input.vcpu)) turn.effect({ type: 'observe' })
}

const ended: Row = {
  begin: ignore,
  accepted: ignore,
  rejected: ignore,
  'answer-lost': ignore,
  'vcpu-removed': vcpuRemovedAfterEnd,
  'removal-failed': ignore,
  observed: observedAfterEnd,
  timer: ignore,
  'host-lost': ignore,
  'host-back': ignore,
  'config-written': ignore,
  'config-failed': ignore,
  drained: ignore,
  'drain-refused': ignore,
  'online-done': ignore,
  'online-failed': ignore,
  retry: ignore,
  abandon: ignore,
  'taken-over': takenOver,
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
  drained,
  'drain-refused': (turn, input) => drainRefused(turn, input.reason),
  'online-done': onlineDone,
  'online-failed': (turn, input) => onlineAnswered(turn, input.offline, input.reason),
  retry,
  abandon,
  // Whoever takes over closes the open one first.
  'taken-over': ignore,
  resume,
}

/** Every state meets every input: a forgotten cell does not compile. */
const table: Readonly<Record<OperationState, Row>> = {
  submitting: {
    begin: (turn) => (turn.record.memory.draining === true ? undefined : begin(turn)),
    accepted,
    rejected: rejectedFirst,
    'answer-lost': answerLost,
    'vcpu-removed': vcpuRemovedEvent,
    'removal-failed': removalFailedEvent,
    observed: (turn, input) => observedWhileSubmitting(turn, input.observation),
    timer: lookAgain,
    'host-lost': hostLost,
    'host-back': hostBack,
    'config-written': configWritten,
    'config-failed': configFailed,
    drained,
    'drain-refused': (turn, input) => drainRefused(turn, input.reason),
    'online-done': onlineDone,
    'online-failed': (turn, input) => onlineAnswered(turn, input.offline, input.reason),
    retry: ignore,
    abandon,
    'taken-over': ignore,
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
