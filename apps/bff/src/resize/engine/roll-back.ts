import { deadlineOfAttempt, formatVcpuRanges } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import type { Observation } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { endedWithMachine } from './machine-end.ts'
import { applyObservation, applyRefusals, isOfItsTime, isOnlyNoted } from './observe-vcpus.ts'
import { idsIn } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** Requests after which a roll-back that does not get through is given up (R20). */
const ROLL_BACK_REQUESTS = 5

/** Strict: what was removed is added back (R14). */
export function rollBack(turn: TurnBuilder): void {
  const removed = outOfMachine(turn.record)
  if (removed.length === 0) {
    const out = idsIn(turn.record, 'pending-removal', 'stuck').length > 0
    return finish(turn, 'failed', {
      text: `Nothing was removed in its window, so nothing had to be put back.${out ? ' The guest may still let go; that would be recorded.' : ''}`,
    })
  }
  turn.set({ state: 'rolling-back' })
  turn.remember({ rollBackRequests: 1 })
  turn.forget('paused')
  turn.tell('rolling-back', 'info', `Adding back vCPU ${formatVcpuRanges(removed)}.`, { vcpus: removed })
  sendBack(turn, removed)
}

function sendBack(turn: TurnBuilder, ids: readonly number[]): void {
  const attempt = turn.record.attempts + 1
  turn.set({ attempts: attempt })
  const before = turn.record.memory.puttingBack ?? []
  turn.remember({ awaitingAnswer: true, puttingBack: [...new Set([...before, ...ids])] })
  turn.forget('checkSince', 'checkReason')
  turn.wakeAt(turn.at + deadlineOfAttempt(turn.record.policy, 1))
  turn.effect({ type: 'send', attempt, call: { kind: 'set-vcpus', ids, enable: true } })
}

/** Everything that the operation took out, and what went although it is wanted. */
function outOfMachine(record: OperationRecord): number[] {
  return idsIn(record, 'removed', 'adding')
}

/** What a re-read means while removed vCPUs are being added back. */
export function judgeRollBack(turn: TurnBuilder, observation: Observation): void {
  if (!isOfItsTime(turn.record, observation)) return
  if (endedWithMachine(turn, observation)) return
  if (isOnlyNoted(turn, observation)) return
  applyObservation(turn, observation)
  applyRefusals(turn, observation)
  const missing = outOfMachine(turn.record)
  if (missing.length === 0) return finish(turn, 'rolled-back')
  const late = missing.filter((id) => !turn.record.memory.puttingBack?.includes(id))
  if (late.length > 0) {
    turn.tell('rolling-back', 'info', `Adding back vCPU ${formatVcpuRanges(late)} too.`, { vcpus: late })
    return sendBack(turn, late)
  }
  const { checkSince, rollBackRequests = 0 } = turn.record.memory
  if (checkSince === undefined || observation.readAt < checkSince) return
  if (rollBackRequests >= ROLL_BACK_REQUESTS) {
    return finish(turn, 'failed', { text: `vCPU ${formatVcpuRanges(missing)} could not be added back.` })
  }
  turn.remember({ rollBackRequests: rollBackRequests + 1 })
  turn.note('asked-again', `vCPU ${formatVcpuRanges(missing)} not there yet: asked again.`, {
    vcpus: missing,
  })
  sendBack(turn, missing)
}
