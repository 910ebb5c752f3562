import type { InputOf, Observation } from './engine-io.ts'
import { finish } from './finish-operation.ts'
import { sayCount } from './operation-sentence.ts'
import { RECHECK_MS } from './pause-operation.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** Requests to store the next boot's vCPUs that may stay without an answer while the host is connected (R20). */
const CONFIG_WRITES = 5

/** The live part is over, or there was none: what follows is the stored definition only (R4). */
export function liveDone(turn: TurnBuilder): void {
  const { memory } = turn.record
  if (memory.configTarget === undefined) return finish(turn, 'converged')
  turn.set({ state: 'pending' })
  turn.forget('paused', 'checkSince', 'checkReason')
  turn.note('storing', `Live part done; storing ${memory.configTarget} vCPUs for the next boot.`)
  writeConfig(turn)
}

/** Asks libvirt to store the next boot's vCPUs; writing the same number twice does no harm. */
export function writeConfig(turn: TurnBuilder): void {
  const { record } = turn
  const writes = (record.memory.configWrites ?? 0) + 1
  if (writes > CONFIG_WRITES) {
    return finish(turn, 'failed', {
      text: `${liveWords(turn)}No answer to ${sayCount(CONFIG_WRITES, 'request')} to store ${target(turn)} vCPUs for the next boot.`,
    })
  }
  turn.remember({ writingConfig: true, configWrites: writes })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.effect({ type: 'write-config', vcpus: target(turn) })
}

function target(turn: TurnBuilder): number {
  return turn.record.memory.configTarget ?? turn.record.to.vcpus
}

function liveWords(turn: TurnBuilder): string {
  return turn.record.kind === 'config'
    ? ''
    : 'The running VM was resized, but its stored definition was not: '
}

/** libvirt says that it stored the number: a re-read has to show it (R1). */
export function configWritten(turn: TurnBuilder): void {
  if (!turn.record.memory.writingConfig) return
  turn.remember({ writingConfig: false, configStored: true, checkSince: turn.at, checkReason: 'answer' })
  turn.wakeAt(turn.at + RECHECK_MS)
  turn.effect({ type: 'observe' })
}

export function configFailed(turn: TurnBuilder, input: InputOf<'config-failed'>): void {
  if (!turn.record.memory.writingConfig) return
  finish(turn, 'failed', {
    text: `${liveWords(turn)}${input.error.message}`,
    ...(input.error.detail !== undefined && { detail: input.error.detail }),
  })
}

/** What a re-read says of the stored definition; whether the machine still runs does not matter any more. */
export function judgeStored(turn: TurnBuilder, observation: Observation): void {
  const { checkSince } = turn.record.memory
  if (checkSince === undefined || observation.readAt < checkSince) return
  if (observation.presence === 'gone') {
    return finish(turn, 'failed', {
      text: `${liveWords(turn)}the VM is gone: no managed host has it any more.`,
    })
  }
  const { configCount } = observation
  if (configCount === target(turn)) return finish(turn, 'converged')
  // It may have been asked for just before the answer came: in the same millisecond only the wanted number proves anything.
  if (observation.readAt === checkSince) return
  finish(turn, 'failed', {
    text:
      configCount === undefined
        ? `${liveWords(turn)}the VM has no stored definition.`
        : `${liveWords(turn)}the stored definition shows ${sayCount(configCount, 'vCPU')}, not ${target(turn)}.`,
  })
}
