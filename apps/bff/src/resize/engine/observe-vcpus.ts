import { formatDuration, unitOf } from '@coreshift/shared'
import type { OperationVcpu } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'
import type { Observation } from './engine-io.ts'
import type { TurnBuilder } from './turn-builder.ts'

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
    const next = late ? stateAfterEnd(vcpu, enabled, record) : stateWhileOpen(vcpu, enabled, record.kind)
    if (next === vcpu.state) return vcpu
    moved.push({ before: vcpu, next })
    const { error: _error, ...rest } = vcpu
    return { ...rest, state: next, since: turn.instant }
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
  kind: OperationRecord['kind'],
): OperationVcpu['state'] {
  switch (vcpu.state) {
    case 'pending-removal':
    case 'stuck':
    case 'refused':
      return enabled ? vcpu.state : 'removed'
    case 'removed':
      return enabled ? 'present' : 'removed'
    case 'adding':
      return enabled ? 'present' : 'adding'
    case 'present':
    case 'guest-offline':
      if (kind === 'plug') return enabled ? vcpu.state : 'absent'
      return enabled ? vcpu.state : 'removed'
    case 'absent':
      return kind === 'plug' && enabled ? 'present' : 'absent'
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
  if (record.kind === 'plug') {
    return turn.tell('vcpu-added', 'info', `vCPU ${before.id} added after ${formatDuration(sinceMs)}.`, {
      vcpus,
      durationMs: sinceMs,
    })
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
  const vcpus = record.vcpus.map((vcpu) => {
    if (vcpu.state !== 'pending-removal' && vcpu.state !== 'stuck') return vcpu
    if (!reportedFailed.includes(unitOf(vcpu.id, unitSize))) return vcpu
    refused.push(vcpu.id)
    return { ...vcpu, state: 'refused' as const, since: turn.instant, error: 'refused by the guest' }
  })
  turn.remember({ reportedFailed: [] })
  turn.forget('failedSince')
  if (refused.length === 0) return
  turn.set({ vcpus })
  for (const id of refused) {
    turn.tell('vcpu-refused', 'refused', `The guest refused to give up vCPU ${id}.`, { vcpus: [id] })
  }
}
