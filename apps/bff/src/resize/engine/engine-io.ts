import type { Actor } from '@coreshift/shared/contract'
import type { AuditDraft } from '../../audit/audit-log.ts'
import type { MachineIdentity, OperationRecord } from '../operation-record.ts'

/** What a re-read of the VM showed. */
export interface Observation {
  /** Epoch ms at which the re-read began: it shows what was true then or later. */
  readonly readAt: number
  readonly presence: 'running' | 'stopped' | 'gone'
  readonly machine?: MachineIdentity
  /** Ids of the vCPUs that the hypervisor counts; empty unless running. */
  readonly enabled: ReadonlySet<number>
  /** vCPUs of the stored definition, where there is one. */
  readonly configCount?: number
}

/** libvirt's answer to a request, in the engine's words. */
export interface SubmitError {
  readonly message: string
  readonly detail?: string
}

/**
 * Everything that can happen to an operation. `at` is epoch ms: the engine has no clock of its own.
 *
 * Events and errors never decide anything alone; they lead to a re-read, and the observation decides (rule R1).
 */
export type Input =
  /** The operation is opened; do what it is for. Stored together with the opening. */
  | { readonly type: 'begin'; readonly at: number }
  /** libvirt took the request. `waited`: it was a synchronous call whose own wait ended without an answer. */
  | { readonly type: 'accepted'; readonly at: number; readonly attempt: number; readonly waited?: boolean }
  /** libvirt answered with an error. */
  | { readonly type: 'rejected'; readonly at: number; readonly attempt: number; readonly error: SubmitError }
  /** No answer will come: connection lost, or the call's time was up. It may or may not have been carried out. */
  | {
      readonly type: 'answer-lost'
      readonly at: number
      readonly attempt: number
      readonly error: SubmitError
    }
  /** Event vcpu-removed. */
  | { readonly type: 'vcpu-removed'; readonly at: number; readonly vcpu: number }
  /** Event device-removal-failed, or a synchronous refusal; `unit` is the lowest vCPU id of the unit that the alias names. */
  | { readonly type: 'removal-failed'; readonly at: number; readonly unit: number; readonly alias: string }
  | { readonly type: 'observed'; readonly at: number; readonly observation: Observation }
  /** `deadlineAt` has passed. */
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'host-lost'; readonly at: number; readonly cause: string }
  | { readonly type: 'host-back'; readonly at: number }
  | { readonly type: 'config-written'; readonly at: number }
  | { readonly type: 'config-failed'; readonly at: number; readonly error: SubmitError }
  /** The guest took the vCPUs offline, as the effect `drain` asked. */
  | { readonly type: 'drained'; readonly at: number; readonly vcpus: readonly number[] }
  /** The agent says that the guest cannot take them offline, or there is no agent to ask. */
  | { readonly type: 'drain-refused'; readonly at: number; readonly reason: string }
  /** The agent answered the effect `online`; `online` are the vCPUs that the guest uses now. */
  | { readonly type: 'online-done'; readonly at: number; readonly online: readonly number[] }
  /** The agent could not; `offline` are the vCPUs that are known to be left offline. */
  | {
      readonly type: 'online-failed'
      readonly at: number
      readonly reason: string
      readonly offline: readonly number[]
    }
  /** A person wants the guest asked again now. */
  | { readonly type: 'retry'; readonly at: number; readonly by: Actor }
  /** A person stops the waiting. */
  | { readonly type: 'abandon'; readonly at: number; readonly by: Actor }
  /** A person wants something else: the newer operation is stored together with the end of this one. */
  | {
      readonly type: 'replaced'
      readonly at: number
      readonly by: Actor
      /** Id of the newer operation. */
      readonly operation: string
      /** Its vCPUs. */
      readonly vcpus: readonly number[]
    }
  /** A person wants to be told when it is overdue and when it ends, or not any more. */
  | { readonly type: 'tell'; readonly at: number; readonly by: Actor; readonly on: boolean }
  /** A newer operation of the same VM asks for these vCPUs now: their going is its doing. */
  | {
      readonly type: 'taken-over'
      readonly at: number
      /** Id of the newer operation. */
      readonly by: string
      readonly vcpus: readonly number[]
    }
  /** The server started again and found this operation open in the store. */
  | { readonly type: 'resume'; readonly at: number }

export type InputType = Input['type']
export type InputOf<T extends InputType> = Extract<Input, { type: T }>

/** A request to libvirt. */
export type VcpuCall =
  /** By number; `ids` are the vCPUs that libvirt's own selection takes, for hosts that have to be asked one by one. */
  | {
      readonly kind: 'set-count'
      readonly vcpus: number
      readonly ids: readonly number[]
      readonly enable: boolean
    }
  /** Whole units, by id. */
  | { readonly kind: 'set-vcpus'; readonly ids: readonly number[]; readonly enable: boolean }

/** What the shell has to do once the record is stored. The timer needs no effect: it is `deadlineAt`. */
export type Effect =
  | { readonly type: 'send'; readonly call: VcpuCall; readonly attempt: number }
  | { readonly type: 'observe' }
  /** Through the guest agent: take vCPUs offline, answered by `drained` or `drain-refused`. */
  | { readonly type: 'drain'; readonly vcpus: readonly number[] }
  /** Through the guest agent: bring vCPUs online, answered by `online-done` or `online-failed` while the operation is open. */
  | { readonly type: 'online'; readonly vcpus: readonly number[] }
  | { readonly type: 'write-config'; readonly vcpus: number }

export interface Turn {
  /** The same object when nothing changed. */
  readonly record: OperationRecord
  readonly effects: readonly Effect[]
  /** Appended in the transaction that stores the record. */
  readonly audit: readonly AuditDraft[]
}
