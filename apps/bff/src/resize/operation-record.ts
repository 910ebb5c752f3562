import type { Operation } from '@coreshift/shared/contract'

/** Which running machine an operation is about: a restart of the VM makes a new one. */
export interface MachineIdentity {
  readonly host: string
  /** The host's name for a person, where the reader knows it. */
  readonly hostName?: string
  /** libvirt's domain id, new with every start on one host. */
  readonly domainId: number
}

/** What the engine has to remember beside the public operation. */
export interface EngineMemory {
  /** vCPUs that the hypervisor has when the live part is done; absent for a change of the stored definition only. */
  readonly liveTarget?: number
  /** vCPUs to store for the next boot once the live part is done. */
  readonly configTarget?: number
  /** vCPUs that the stored definition is to lose, where they were chosen; else libvirt chooses by the number. */
  readonly configRemove?: readonly number[]
  /** Sockets that the stored definition is to have room for, where it has not. */
  readonly configSocketsMax?: number
  /** `false`: the machine has no CPU hot-plug, so what is added to its stored definition is fixed. */
  readonly configRemovable?: false
  /** `count`: the first request names a number; `ids`: it names vCPUs. Later requests always name vCPUs. */
  readonly method: 'count' | 'ids'
  readonly machine?: MachineIdentity
  /** The host cannot be asked at the moment. */
  readonly hostLost: boolean
  /** Only an observation at least this new decides what `checkReason` asks, epoch ms. */
  readonly checkSince?: number
  readonly checkReason?: 'deadline' | 'answer'
  /** libvirt's answer to the open request is still out. */
  readonly awaitingAnswer: boolean
  /** Lowest ids of units that libvirt reported as failed since they were last asked. */
  readonly reportedFailed: readonly number[]
  /** When the newest of `reportedFailed` came, epoch ms: only a re-read at least this new makes a refusal of it. */
  readonly failedSince?: number
  /** libvirt's refusal of the first request; judged after a re-read, because a part may have been carried out. */
  readonly submitError?: {
    readonly message: string
    readonly detail?: string
    /** Absent: libvirt. */
    readonly by?: 'guest-agent'
  }
  /** The guest agent was asked to take the vCPUs offline; its answer is out. */
  readonly draining?: boolean
  /** vCPUs that the guest took offline before the first request. */
  readonly drained?: readonly number[]
  /** The guest agent was asked to bring online what was added; its answer is out. */
  readonly onlining?: boolean
  /** The guest agent answered, or its time was up. */
  readonly onlineAnswered?: boolean
  /** The live part is done and the stored definition is being written. */
  readonly writingConfig: boolean
  /** Requests to write the stored definition since the host was last connected. */
  readonly configWrites?: number
  /** libvirt took the stored definition; a re-read of it is awaited. */
  readonly configStored?: boolean
  /** `deferred` only because the host cannot be asked; the operation goes on where it was as soon as it can. */
  readonly paused?: boolean
  /** Requests to add back what a strict operation had removed, without those for late removals. */
  readonly rollBackRequests?: number
  /** vCPUs that a newer operation asks for: after the end of this one their going is not its late completion. */
  readonly takenOver?: readonly number[]
  /** vCPUs that the operation which gave way to this one had asked the guest for. */
  readonly asked?: readonly number[]
  /** Requests that are not of the operation's own direction: the adding back of what is wanted again. */
  readonly sideRequests?: number
  /** vCPUs that were asked to be added back. */
  readonly puttingBack?: readonly number[]
  /** vCPUs per hot-pluggable unit. */
  readonly unitSize: number
}

/**
 * An operation as the engine sees and the store keeps it: the public operation plus what the engine needs to go
 * on after a crash. JSON only.
 */
export interface OperationRecord extends Operation {
  /** Grows with every stored change, so that a stale timer or answer is recognised. */
  readonly seq: number
  readonly memory: EngineMemory
}

/** Every door and every new look at the VM asks for the same one. */
const shown = new WeakMap<OperationRecord, Operation>()

/**
 * The part of a record that people and programs see.
 * @returns the same object for the same record
 */
export function toOperation(record: OperationRecord): Operation {
  const known = shown.get(record)
  if (known) return known
  const { seq: _seq, memory: _memory, ...operation } = record
  shown.set(record, operation)
  return operation
}
