import { formatDuration } from '@coreshift/shared'
import type { OperationVcpu } from '@coreshift/shared/contract'
import type { Observation } from './engine-io.ts'
import type { TurnBuilder } from './turn-builder.ts'

/** Lets what a re-read showed into the operation's vCPUs. This is the only place where `removed` and `present` are set (R1). */
export function applyObservation(turn: TurnBuilder, observation: Observation, late = false): void {
  const { record } = turn
  if (observation.presence !== 'running') return
  const done: OperationVcpu[] = []
  const vcpus = record.vcpus.map((vcpu) => {
    const next = nextState(vcpu, observation, record.state === 'rolling-back')
    if (next === vcpu.state) return vcpu
    const { error: _error, ...rest } = vcpu
    const changed: OperationVcpu = { ...rest, state: next, since: turn.instant }
    done.push(vcpu)
    return changed
  })
  if (done.length === 0) return
  turn.set({ vcpus })
  for (const before of done) {
    const durationMs = Math.max(0, turn.at - Date.parse(before.since))
    if (before.state === 'adding') {
      turn.tell('vcpu-added', 'info', `vCPU ${before.id} added after ${formatDuration(durationMs)}.`, {
        vcpus: [before.id],
        durationMs,
      })
      continue
    }
    const word = late ? 'removed late' : 'removed'
    turn.tell(
      late ? 'vcpu-removed-late' : 'vcpu-removed',
      'info',
      `vCPU ${before.id} ${word} after ${formatDuration(durationMs)}.`,
      {
        vcpus: [before.id],
        durationMs,
      },
    )
  }
}

function nextState(
  vcpu: OperationVcpu,
  observation: Observation,
  rollingBack: boolean,
): OperationVcpu['state'] {
  const enabled = observation.enabled.has(vcpu.id)
  switch (vcpu.state) {
    case 'pending-removal':
    case 'stuck':
    case 'refused':
      return enabled ? vcpu.state : 'removed'
    case 'adding':
      return enabled ? 'present' : 'adding'
    case 'removed':
    case 'present':
    case 'guest-offline':
    case 'absent':
      // What happens to a settled vCPU later is somebody else's change; only a roll-back reads it as its own.
      return rollingBack && enabled && vcpu.state === 'removed' ? 'present' : vcpu.state
  }
}

/** Units that libvirt reported as failed and that a re-read still shows become `refused` (R7). */
export function applyRefusals(turn: TurnBuilder): void {
  const { record } = turn
  const { reportedFailed, unitSize } = record.memory
  if (reportedFailed.length === 0) return
  const refused: number[] = []
  const vcpus = record.vcpus.map((vcpu) => {
    if (vcpu.state !== 'pending-removal' && vcpu.state !== 'stuck') return vcpu
    if (!reportedFailed.includes(vcpu.id - (vcpu.id % unitSize))) return vcpu
    refused.push(vcpu.id)
    return { ...vcpu, state: 'refused' as const, since: turn.instant, error: 'refused by the guest' }
  })
  turn.remember({ reportedFailed: [] })
  if (refused.length === 0) return
  turn.set({ vcpus })
  for (const id of refused) {
    turn.tell('vcpu-refused', 'refused', `The guest refused to give up vCPU ${id}.`, { vcpus: [id] })
  }
}
