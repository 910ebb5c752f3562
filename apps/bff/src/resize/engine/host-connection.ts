import { isWaitingForGuest } from '@coreshift/shared'
import type { InputOf } from './engine-io.ts'
import { begin } from './first-request.ts'
import { bringOnline } from './guest-agent.ts'
import { unpause, waitAnew } from './pause-operation.ts'
import { writeConfig } from './store-config.ts'
import type { TurnBuilder } from './turn-builder.ts'

export function hostLost(turn: TurnBuilder, input: InputOf<'host-lost'>): void {
  if (turn.record.memory.hostLost) return
  turn.remember({ hostLost: true })
  turn.note('host-lost', `The host cannot be reached: ${input.cause}`)
}

/** Events of the time without a connection are lost, and the guest had no chance to be heard: look, then wait anew (R12). */
export function hostBack(turn: TurnBuilder): void {
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

/** After a restart of the server nothing is known but the record: ask the host as soon as it is there (R10). */
export function resume(turn: TurnBuilder): void {
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

/**
 * The clock may have been set back while the server was down: nothing that was written can lie in the future (R2). Of an
 * ended operation too: a completion that comes late is later than it.
 */
export function stepBackToNow(turn: TurnBuilder): void {
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
