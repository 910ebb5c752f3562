import { formatVcpuRanges } from '@coreshift/shared'
import type { InputOf } from './engine-io.ts'
import { applyObservation, isOfItsTime, isSameMachine } from './observe-vcpus.ts'
import { idsIn } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** A completion that comes after the close is recorded and corrects the operation (R6). */
export function observedAfterEnd(turn: TurnBuilder, input: InputOf<'observed'>): void {
  const { record } = turn
  const { observation } = input
  if (observation.presence !== 'running') return
  if (!isOfItsTime(record, observation) || !isSameMachine(record, observation)) return
  applyObservation(turn, observation, true)
}

/** Two operations must not both claim the same removal: from now on it is the newer one's (R6). */
export function takenOver(turn: TurnBuilder, input: InputOf<'taken-over'>): void {
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

/** The guest took vCPUs offline for an operation that nobody wants any more: it may use them again (R22). */
export function drainedAfterEnd(turn: TurnBuilder, input: InputOf<'drained'>): void {
  const kept = idsIn(turn.record, 'pending-removal', 'stuck', 'refused', 'present')
  const ids = input.vcpus.filter(
    (id) => kept.includes(id) && !(turn.record.memory.takenOver ?? []).includes(id),
  )
  if (ids.length > 0) turn.effect({ type: 'online', vcpus: ids })
}
