import { begin } from './first-request.ts'
import { agentTimedOut } from './guest-agent.ts'
import { answerLost } from './hear-answer.ts'
import { pause, RECHECK_MS } from './pause-operation.ts'
import { writeConfig } from './store-config.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** The deadline only makes us look; what the look shows decides (R9). */
export function lookAgain(turn: TurnBuilder): void {
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
