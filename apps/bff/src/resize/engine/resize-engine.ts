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
import type { OperationState } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import { drainedAfterEnd, observedAfterEnd, takenOver } from './after-end.ts'
import { lookAgain } from './deadline.ts'
import type { Input, InputOf, InputType, Turn } from './engine-io.ts'
import { begin, drained } from './first-request.ts'
import { drainRefused, onlineDone, onlineAnswered } from './guest-agent.ts'
import { accepted, answerLost, rejectedFirst, rejectedLater } from './hear-answer.ts'
import { removalFailedEvent, vcpuRemovedAfterEnd, vcpuRemovedEvent } from './hear-event.ts'
import { hostBack, hostLost, resume, stepBackToNow } from './host-connection.ts'
import { judgeObservation, observedWhileSubmitting } from './judge-observation.ts'
import { abandon, replaced, retry, tellPerson } from './person-inputs.ts'
import { judgeRollBack } from './roll-back.ts'
import { configFailed, configWritten } from './store-config.ts'
import { TurnBuilder } from './turn-builder.ts'

type Handler<T extends InputType> = (turn: TurnBuilder, input: InputOf<T>) => void
type Row = { readonly [T in InputType]: Handler<T> }

/** "Nothing happens" is a decision too, and has a name in the table. */
const ignore = (): void => undefined

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
  drained: drainedAfterEnd,
  'drain-refused': ignore,
  'online-done': ignore,
  'online-failed': ignore,
  retry: ignore,
  abandon: ignore,
  replaced: ignore,
  tell: ignore,
  'taken-over': takenOver,
  resume: stepBackToNow,
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
  replaced,
  tell: tellPerson,
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
    replaced,
    tell: tellPerson,
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
