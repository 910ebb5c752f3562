import { unitOf } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'
import type { InputOf } from './engine-io.ts'
import { idsIn } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** The event is a hint to look, never proof (R1); about other vCPUs or twice it is no hint at all (R7). */
export function vcpuRemovedEvent(turn: TurnBuilder, input: InputOf<'vcpu-removed'>): void {
  if (!isStillOut(turn.record, input.vcpu)) return
  turn.note('event-vcpu-removed', `libvirt reports vCPU ${input.vcpu} removed; re-reading.`, {
    vcpus: [input.vcpu],
  })
  turn.effect({ type: 'observe' })
}

function isStillOut(record: OperationRecord, id: number): boolean {
  const out = idsIn(record, 'pending-removal', 'stuck', 'refused')
  return out.includes(id)
}

export function removalFailedEvent(turn: TurnBuilder, input: InputOf<'removal-failed'>): void {
  const { memory } = turn.record
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

/** Nothing is changed by an event alone, but a late completion is worth a look (R6). */
export function vcpuRemovedAfterEnd(turn: TurnBuilder, input: InputOf<'vcpu-removed'>): void {
  if (isStillOut(turn.record, input.vcpu)) turn.effect({ type: 'observe' })
}
