import { deadlineOfAttempt } from '@coreshift/shared'
import type { InputOf, VcpuCall } from './engine-io.ts'
import type { OperationRecord } from '../operation-record.ts'
import { needsDrain, noteDrained, startDrain } from './guest-agent.ts'
import { liveDone, writeConfig } from './store-config.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { leavingIds, unaskedIds } from './vcpu-wish.ts'

/** The first request; also from the deadline or the host's return when `begin` itself got lost (R11). */
export function begin(turn: TurnBuilder): void {
  const { record } = turn
  const { memory } = record
  // Without the host nothing is sent; its return begins.
  if (record.attempts > 0 || memory.hostLost || memory.submitError) return
  if (needsDrain(turn)) return startDrain(turn)
  const ids = record.kind === 'plug' ? unaskedIds(record).add : leavingIds(record)
  turn.set({
    attempts: 1,
    vcpus: record.vcpus.map((vcpu) =>
      ids.includes(vcpu.id) ? { ...vcpu, attempts: vcpu.attempts + 1 } : vcpu,
    ),
  })
  if (record.kind === 'config') return writeConfig(turn)
  // Libvirt would take a request that moves nothing, but there is nothing to wait for (R16).
  if (record.vcpus.length === 0) return liveDone(turn)
  turn.wakeAt(turn.at + deadlineOfAttempt(record.policy, 1))
  if (ids.length === 0) return watchOnly(turn)
  turn.remember({ awaitingAnswer: true })
  turn.effect({ type: 'send', attempt: 1, call: firstCall(record, ids) })
}

function firstCall(record: OperationRecord, ids: readonly number[]): VcpuCall {
  const { memory } = record
  const enable = record.kind === 'plug'
  return memory.method === 'count'
    ? { kind: 'set-count', vcpus: memory.liveTarget ?? record.to.vcpus, ids, enable }
    : { kind: 'set-vcpus', ids, enable }
}

/** Everything was asked for by the operation that gave way: what comes of it is awaited (R21). */
function watchOnly(turn: TurnBuilder): void {
  turn.set({ state: 'pending' })
  turn.note('watching', 'Nothing has to be asked for; what was asked for before may still happen.')
  turn.effect({ type: 'observe' })
}

/** Only now libvirt is asked (R22). */
export function drained(turn: TurnBuilder, input: InputOf<'drained'>): void {
  if (noteDrained(turn, input)) begin(turn)
}
