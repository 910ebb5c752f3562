import { formatDuration, unitOf } from '@coreshift/shared'
import type { OperationVcpu } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'
import type { Observation } from './engine-io.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { isWanted } from './vcpu-wish.ts'

/**
 * Whether a read may say anything about this operation: it began after the operation was opened (R2). A read of
 * the time before would show, as the end, what was only the beginning.
 */
export function isOfItsTime(record: OperationRecord, observation: Observation): boolean {
  return observation.readAt >= Date.parse(record.createdAt)
}

/** Whether the read shows the machine that the operation is about, as far as anybody knows. */
export function isSameMachine(record: OperationRecord, observation: Observation): boolean {
  const before = record.memory.machine
  const now = observation.machine
  if (before === undefined || now === undefined) return true
  return before.host !== now.host || before.domainId === now.domainId
}

/**
 * Lets what a re-read showed into the operation's vCPUs. This is the only place where `removed` and `present` are
 * set from what the hypervisor shows (R1).
 */
export function applyObservation(turn: TurnBuilder, observation: Observation, late = false): void {
  const { record } = turn
  if (observation.presence !== 'running') return
  const moved: { readonly before: OperationVcpu; readonly next: OperationVcpu['state'] }[] = []
  const vcpus = record.vcpus.map((vcpu) => {
    // A read that began before the vCPU's last change shows what was, not what is (R2).
    if (observation.readAt < Date.parse(vcpu.since)) return vcpu
    const enabled = observation.enabled.has(vcpu.id)
    const next = late ? stateAfterEnd(vcpu, enabled, record) : stateWhileOpen(vcpu, enabled, record)
    if (next === vcpu.state) return vcpu
    moved.push({ before: vcpu, next })
    const { error: _error, ...rest } = vcpu
    // Its state asks for a request that no request named yet.
    const turned = next === 'adding' || next === 'pending-removal'
    return { ...rest, state: next, since: turn.instant, ...(turned && { attempts: 0 }) }
  })
  if (moved.length === 0) return
  turn.set({ vcpus })
  for (const { before, next } of moved) tellMove(turn, before, next, late)
}

/** While the host counts as lost a read is kept, and judged by the one that follows the host's return (R12). */
export function isOnlyNoted(turn: TurnBuilder, observation: Observation): boolean {
  if (!turn.record.memory.hostLost) return false
  applyObservation(turn, observation)
  return true
}

function stateWhileOpen(
  vcpu: OperationVcpu,
  enabled: boolean,
  record: OperationRecord,
): OperationVcpu['state'] {
  const wanted = isWanted(record, vcpu)
  switch (vcpu.state) {
    case 'pending-removal':
    case 'stuck':
    case 'refused':
      if (enabled) return vcpu.state
      // A roll-back adds back everything that went, what is wanted again included.
      return wanted && record.state !== 'rolling-back' ? 'adding' : 'removed'
    case 'removed':
      return enabled ? 'present' : 'removed'
    case 'adding':
      // An addition of the operation that gave way shows, and is not wanted any more: it is asked for now (R21).
      return enabled ? (wanted ? 'present' : 'pending-removal') : 'adding'
    case 'present':
    case 'guest-offline':
      if (wanted) return enabled ? vcpu.state : 'absent'
      return enabled ? vcpu.state : 'removed'
    case 'absent':
      return wanted && enabled ? 'present' : 'absent'
  }
}

/** After the close only a removal that was still out is ours; a refused one that goes later was removed by others. */
function stateAfterEnd(
  vcpu: OperationVcpu,
  enabled: boolean,
  record: OperationRecord,
): OperationVcpu['state'] {
  const out = vcpu.state === 'pending-removal' || vcpu.state === 'stuck'
  const ours = out && !(record.memory.takenOver ?? []).includes(vcpu.id)
  return ours && !enabled ? 'removed' : vcpu.state
}

function tellMove(
  turn: TurnBuilder,
  before: OperationVcpu,
  next: OperationVcpu['state'],
  late: boolean,
): void {
  const { record } = turn
  const vcpus = [before.id]
  const sinceMs = Math.max(0, turn.at - Date.parse(before.since))
  if (next === 'absent') {
    return turn.tell('vcpu-taken-away', 'info', `vCPU ${before.id} is gone again: others removed it.`, {
      vcpus,
    })
  }
  if (next === 'removed') {
    // A refusal or a new request restarts the vCPU's own clock; the wait that people mean began with the operation.
    const durationMs = Math.max(0, turn.at - Date.parse(record.createdAt))
    const word = late || record.overdue ? 'removed late' : 'removed'
    return turn.tell(
      late ? 'vcpu-removed-late' : 'vcpu-removed',
      'info',
      `vCPU ${before.id} ${word} after ${formatDuration(durationMs)}.`,
      { vcpus, durationMs },
    )
  }
  if (next === 'adding') return turn.note('vcpu-went', `vCPU ${before.id} went.`, { vcpus })
  if (next === 'pending-removal') {
    return turn.note('vcpu-came', `vCPU ${before.id}, asked for before, is there now.`, { vcpus })
  }
  if (isWanted(record, before)) {
    const back = before.addBack === true ? ' back' : ''
    return turn.tell(
      'vcpu-added',
      'info',
      `vCPU ${before.id} added${back} after ${formatDuration(sinceMs)}.`,
      { vcpus, durationMs: sinceMs },
    )
  }
  if (record.state === 'rolling-back') {
    return turn.tell(
      'vcpu-put-back',
      'info',
      `vCPU ${before.id} added back after ${formatDuration(sinceMs)}.`,
      {
        vcpus,
        durationMs: sinceMs,
      },
    )
  }
  turn.tell('vcpu-returned', 'info', `vCPU ${before.id} is back: others added it again.`, { vcpus })
}

/** Units that libvirt reported as failed and that a re-read after the report still shows become `refused` (R15). */
export function applyRefusals(turn: TurnBuilder, observation: Observation): void {
  const { record } = turn
  const { reportedFailed, failedSince, unitSize } = record.memory
  if (reportedFailed.length === 0 || observation.presence !== 'running') return
  if (failedSince !== undefined && observation.readAt < failedSince) return
  const refused: number[] = []
  const kept: number[] = []
  const vcpus = record.vcpus.map((vcpu) => {
    if (vcpu.state !== 'pending-removal' && vcpu.state !== 'stuck') return vcpu
    if (!reportedFailed.includes(unitOf(vcpu.id, unitSize))) return vcpu
    if (isWanted(record, vcpu)) {
      kept.push(vcpu.id)
      const { error: _error, ...rest } = vcpu
      return { ...rest, state: 'present' as const, since: turn.instant }
    }
    refused.push(vcpu.id)
    return { ...vcpu, state: 'refused' as const, since: turn.instant, error: 'refused by the guest' }
  })
  turn.remember({ reportedFailed: [] })
  turn.forget('failedSince')
  if (refused.length + kept.length === 0) return
  turn.set({ vcpus })
  for (const id of kept) {
    const text = `The guest refused to give up vCPU ${id}, which is wanted again: it stays.`
    turn.tell('vcpu-kept', 'info', text, { vcpus: [id] })
  }
  for (const id of refused) {
    turn.tell('vcpu-refused', 'refused', `The guest refused to give up vCPU ${id}.`, { vcpus: [id] })
  }
}
