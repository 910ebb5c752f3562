import { sayCount } from './operation-sentence.ts'
import type { Observation } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { isSameMachine } from './observe-vcpus.ts'
import { unpause, waitAnew } from './pause-operation.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { isWanted } from './vcpu-wish.ts'

/** A machine that is gone takes its pending removals with it (R13). Returns whether the operation ended. */
export function endedWithMachine(turn: TurnBuilder, observation: Observation): boolean {
  if (observation.presence === 'gone') {
    return end(turn, observation, 'The VM is gone: no managed host has it any more, and nothing is pending.')
  }
  if (observation.presence === 'stopped') {
    return end(turn, observation, 'The VM was shut down meanwhile; nothing is pending any more.')
  }
  const { machine } = turn.record.memory
  const now = observation.machine
  if (now === undefined || machine === undefined) return false
  if (now.host !== machine.host) {
    follow(turn, now)
    return false
  }
  if (isSameMachine(turn.record, observation)) return false
  const { record } = turn
  if (
    record.state !== 'rolling-back' &&
    record.vcpus.every((vcpu) => observation.enabled.has(vcpu.id) === isWanted(record, vcpu))
  ) {
    turn.remember({ machine: now })
    turn.note('restarted', 'The VM was restarted meanwhile and came up with the wanted vCPUs.')
    return false
  }
  return end(
    turn,
    observation,
    `The VM was restarted meanwhile; it runs with ${sayCount(observation.enabled.size, 'vCPU')} and nothing is pending any more.`,
  )
}

/** The operation follows the VM by its UUID; the new host has not heard the deadline's request yet. */
function follow(turn: TurnBuilder, machine: NonNullable<Observation['machine']>): void {
  const { record } = turn
  turn.remember({ machine, hostLost: false })
  turn.set({
    host: machine.host,
    ...(machine.hostName !== undefined && { hostName: machine.hostName }),
  })
  unpause(turn)
  if (record.memory.checkReason === 'deadline') turn.forget('checkSince', 'checkReason')
  waitAnew(turn)
  turn.tell('moved', 'info', 'The VM runs on another host now; the resize follows it.')
}

function end(turn: TurnBuilder, observation: Observation, text: string): true {
  settleLeftovers(turn, observation)
  finish(turn, 'failed', { text })
  return true
}

/**
 * Nothing is asked of the guest any more: what is left is as the read shows it.
 * @param stillAsked vCPUs that the guest was asked for all the same, and may let go
 */
export function settleLeftovers(
  turn: TurnBuilder,
  observation: Observation,
  stillAsked: readonly number[] = [],
): void {
  turn.set({
    vcpus: turn.record.vcpus.map((vcpu) => {
      if (vcpu.state !== 'pending-removal' && vcpu.state !== 'stuck' && vcpu.state !== 'adding') return vcpu
      if (stillAsked.includes(vcpu.id) && vcpu.state !== 'adding') return vcpu
      const { error: _error, ...rest } = vcpu
      const there = observation.presence === 'running' && observation.enabled.has(vcpu.id)
      return { ...rest, state: there ? ('present' as const) : ('absent' as const), since: turn.instant }
    }),
  })
}
