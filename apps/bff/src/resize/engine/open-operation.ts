import type { OperationKind, PolicyPreset, ResizeMode, ResizePolicy } from '@coreshift/shared'
import type { Actor, ChangeOfMind, OperationVcpu } from '@coreshift/shared/contract'
import { deadlineOfAttempt, formatVcpuRanges } from '@coreshift/shared'
import type { MachineIdentity, OperationRecord } from '../operation-record.ts'
import type { Turn } from './engine-io.ts'
import { describeOperation, sayCount } from './operation-sentence.ts'
import { TurnBuilder } from './turn-builder.ts'

/** A decided plan with everything that the engine may not find out by itself. */
export interface OpeningFacts {
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  readonly vm: { readonly uuid: string; readonly name: string }
  readonly host: { readonly id: string; readonly name: string }
  readonly machine?: MachineIdentity
  readonly requestedBy: Actor
  readonly requestId?: string
  readonly kind: OperationKind
  readonly mode: ResizeMode
  readonly method: 'count' | 'ids'
  readonly from: { readonly sockets: number; readonly vcpus: number }
  readonly to: { readonly sockets: number; readonly vcpus: number }
  /** vCPUs that are added or removed live, whole units; of a merged operation all that it is about. */
  readonly vcpus: readonly number[]
  /** vCPUs to store for the next boot, in modes `nextBoot` and `both`. */
  readonly configTarget?: number
  /** vCPUs to leave out of the next boot, where they were chosen. */
  readonly configRemove?: readonly number[]
  /** Sockets that the stored definition is to have room for, where it has not. */
  readonly configSocketsMax?: number
  /** Whether vCPUs that are added to the stored definition can be removed live after that boot. Default: yes. */
  readonly configRemovable?: boolean
  readonly unitSize: number
  readonly policy: ResizePolicy & { readonly preset?: PolicyPreset }
  readonly acknowledged: readonly string[]
  readonly replaces?: string
  /** How it goes on with what the operation that it replaces asked for; `vcpus` are then those of this. */
  readonly merged?: {
    readonly vcpus: readonly OperationVcpu[]
    readonly changeOfMind: ChangeOfMind
    /** vCPUs that the guest was asked to give up and that are still there. */
    readonly asked: readonly number[]
    /** vCPUs that the guest took offline for the operation that gives way. */
    readonly drained: readonly number[]
  }
}

/** The new operation and its one opening audit entry (R6). The first input is `begin`, stored in the same commit. */
export function openOperation(facts: OpeningFacts): Turn {
  const instant = new Date(facts.at).toISOString()
  const draft: OperationRecord = {
    id: facts.id,
    seq: 0,
    vm: facts.vm.uuid,
    vmName: facts.vm.name,
    host: facts.host.id,
    hostName: facts.host.name,
    requestedBy: facts.requestedBy,
    kind: facts.kind,
    from: facts.from,
    to: facts.to,
    mode: facts.mode,
    policy: facts.policy,
    state: 'submitting',
    vcpus:
      facts.merged?.vcpus.map((vcpu) => ({ ...vcpu })) ??
      facts.vcpus.map((id) => ({
        id,
        state: facts.kind === 'plug' ? 'adding' : 'pending-removal',
        since: instant,
        attempts: 0,
      })),
    attempts: 0,
    overdue: false,
    ...(facts.acknowledged.length > 0 && { acknowledged: [...facts.acknowledged] }),
    ...(facts.replaces !== undefined && { replaces: facts.replaces }),
    ...(facts.merged && { changeOfMind: facts.merged.changeOfMind }),
    createdAt: instant,
    // An input `begin` that gets lost is made up for by the first deadline (R11).
    deadlineAt: new Date(facts.at + deadlineOfAttempt(facts.policy, 1)).toISOString(),
    sentence: '',
    timeline: [],
    memory: {
      ...(facts.kind !== 'config' && { liveTarget: facts.to.vcpus }),
      ...(facts.configTarget !== undefined && { configTarget: facts.configTarget }),
      ...(facts.configRemove && { configRemove: facts.configRemove }),
      ...(facts.configSocketsMax !== undefined && { configSocketsMax: facts.configSocketsMax }),
      ...(facts.configRemovable === false && { configRemovable: false }),
      ...(facts.machine && { machine: facts.machine }),
      ...(facts.merged && facts.merged.asked.length > 0 && { asked: facts.merged.asked }),
      ...(facts.merged && facts.merged.drained.length > 0 && { drained: facts.merged.drained }),
      method: facts.method,
      hostLost: false,
      awaitingAnswer: false,
      reportedFailed: [],
      writingConfig: false,
      unitSize: facts.unitSize,
    },
  }
  const turn = new TurnBuilder({ ...draft, sentence: describeOperation(draft) }, facts.at)
  const asked = `${facts.requestedBy.name} asked to ${sayWish(facts)}.`
  const merge = facts.merged?.changeOfMind
  const instead = merge ? [`It takes the place of the resize that ${merge.requestedBy} asked for.`] : []
  const text = [asked, ...instead, ...(merge?.sentences ?? [])].join(' ')
  turn.note('requested', text, facts.vcpus.length > 0 ? { vcpus: facts.vcpus } : {})
  turn.audit('resize.requested', 'started', text, {
    detail: {
      from: facts.from,
      to: facts.to,
      mode: facts.mode,
      policy: facts.policy.preset ?? 'custom',
      vcpus: formatVcpuRanges(facts.vcpus),
      ...(facts.configSocketsMax !== undefined && { roomForSockets: facts.configSocketsMax }),
      ...(facts.acknowledged.length > 0 && { acknowledged: [...facts.acknowledged] }),
      ...(facts.replaces !== undefined && { replaces: facts.replaces }),
    },
    ...(facts.requestId !== undefined && { requestId: facts.requestId }),
  })
  return turn.build()
}

function sayWish(facts: OpeningFacts): string {
  const change = `from ${facts.from.sockets} to ${sayCount(facts.to.sockets, 'socket')}`
  switch (facts.mode) {
    case 'live':
      return `resize ${facts.vm.name} ${change} now`
    case 'both':
      return `resize ${facts.vm.name} ${change} now and for the next boot`
    case 'nextBoot':
      return `store ${sayCount(facts.to.sockets, 'socket')} for the next boot of ${facts.vm.name}`
  }
}
