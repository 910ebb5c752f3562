import { isOpen, unitOf } from '@coreshift/shared'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { Effect, Input, Observation, Turn } from '../../../src/resize/engine/engine-io.ts'

/** Requests of a roll-back that does not get through (R20). */
export const PUT_BACK_REQUESTS_MAX = 5

type Send = Extract<Effect, { type: 'send' }>

/** What one operation was told so far, kept apart from the engine's own memory. Times are those of its inputs. */
export interface Story {
  /** The host was reported lost and not yet back. */
  hostLost: boolean
  /** First report of a failed removal by unit, since the unit was last asked for. */
  readonly reports: Map<number, number>
  /** When a deadline that passed made the operation look. */
  lookSince: number | undefined
  /** When the wait that is running began. */
  waitSince: number
  /** When libvirt last said no to a request of the live machine. */
  rejectedAt: number | undefined
  /** When the guest agent said no to the drain. */
  drainRefusedAt: number | undefined
  configWritten: boolean
  /** Requests to add back since the roll-back began, without those for what went late. */
  putBackRequests: number
  /** The same at each version of the operation that changed it: after a kill an older one may be what was stored. */
  readonly putBackAt: Map<number, number>
}

export function newStory(at: number): Story {
  return {
    hostLost: false,
    reports: new Map(),
    lookSince: undefined,
    waitSince: at,
    rejectedAt: undefined,
    drainRefusedAt: undefined,
    configWritten: false,
    putBackRequests: 0,
    putBackAt: new Map(),
  }
}

/** One step of one operation, as its checks look at it. */
export interface Step {
  readonly before: OperationRecord
  readonly input: Input
  readonly turn: Turn
  readonly after: OperationRecord
  readonly story: Story
  /** The request that the step sends. */
  readonly send: Send | undefined
  /** What was seen, where the input is a look at the running machine. */
  readonly seen: Observation | undefined
}

export function stepOf(story: Story, before: OperationRecord, input: Input, turn: Turn): Step {
  const observation = input.type === 'observed' ? input.observation : undefined
  return {
    before,
    input,
    turn,
    after: turn.record,
    story,
    send: turn.effects.find((effect): effect is Send => effect.type === 'send'),
    seen: observation?.presence === 'running' ? observation : undefined,
  }
}

/** States in which the guest owes an answer. */
export function isOut(state: OperationRecord['vcpus'][number]['state']): boolean {
  return state === 'pending-removal' || state === 'stuck'
}

/** The stored definition is all that is left to do. */
export function isStoring({ memory, kind }: OperationRecord): boolean {
  return kind === 'config' || memory.writingConfig || memory.configStored === true
}

export function has(turn: Turn, type: Effect['type']): boolean {
  return turn.effects.some((effect) => effect.type === type)
}

/** Whether a look shows another machine than the operation is about, on the same host: the VM was restarted. */
export function showsRestart(record: OperationRecord, seen: Observation | undefined): boolean {
  const { machine } = record.memory
  return (
    machine !== undefined &&
    seen?.machine !== undefined &&
    seen.machine.host === machine.host &&
    seen.machine.domainId !== machine.domainId
  )
}

/** The story goes on: called after the step was checked. */
export function tellStory({ before, input, turn, after, story, send }: Step): void {
  const { at } = input
  const moved = before.host !== after.host
  const anew = input.type === 'resume' || (input.type === 'host-back' && story.hostLost) || moved
  switch (input.type) {
    case 'host-lost':
    case 'resume':
      story.hostLost = true
      break
    case 'host-back':
      story.hostLost = false
      break
    case 'removal-failed':
      // The answer of a synchronous request tells again what the event told.
      if (!story.reports.has(input.unit)) story.reports.set(input.unit, at)
      break
    case 'rejected':
      if (!isStoring(before)) story.rejectedAt = at
      break
    case 'drain-refused':
      story.drainRefusedAt = at
      break
    case 'config-written':
      if (before.memory.writingConfig) story.configWritten = true
      break
    default:
  }
  if (moved) story.hostLost = false
  if (input.type === 'resume') {
    // Another clock: what was told by the old one is taken for now.
    story.rejectedAt &&= at
    story.drainRefusedAt &&= at
    // What came last may not have been stored.
    story.configWritten = before.memory.configStored === true
    story.putBackRequests = putBackUpTo(story, before.seq)
    for (const unit of story.reports.keys()) {
      // A report that was not stored died with the server, and libvirt does not repeat it.
      if (before.memory.reportedFailed.includes(unit)) story.reports.set(unit, at)
      else story.reports.delete(unit)
    }
  }
  if (input.type === 'timer' && has(turn, 'observe') && isOpen(after.state)) story.lookSince = at
  if (anew) story.lookSince = undefined
  const stateMoved = before.state !== after.state && after.memory.paused !== true
  if (send || anew || stateMoved || input.type === 'retry') {
    story.waitSince = at
    if (send) story.lookSince = undefined
  }
  for (const id of send?.call.ids ?? []) story.reports.delete(unitOf(id, before.memory.unitSize))
  if (after.state === 'rolling-back' && send) {
    story.putBackRequests += 1
    story.putBackAt.set(after.seq, story.putBackRequests)
  }
}

/** Later versions were never stored. */
function putBackUpTo({ putBackAt }: Story, seq: number): number {
  for (const version of putBackAt.keys()) if (version > seq) putBackAt.delete(version)
  return putBackAt.get(Math.max(...putBackAt.keys())) ?? 0
}
