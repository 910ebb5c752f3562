import { z } from 'zod'
import type { Json } from '../keyed-merge-patch.ts'
import type { OperationState } from '../operation-state.ts'
import type { AuditEntry } from './audit.ts'
import type { Host } from './host.ts'
import type { Operation } from './resize.ts'
import type { Vm, VmSummary } from './vm.ts'

/** Topics of namespace `/live`: `fleet`, `resizes`, `audit`, `hosts`, `vm:UUID`. */
export const Topic = z.union([
  z.enum(['fleet', 'resizes', 'audit', 'hosts']),
  z.templateLiteral(['vm:', z.uuid()]),
])
export type Topic = z.infer<typeof Topic>

export const WatchRequest = z.object({ topic: Topic, rev: z.int().min(0).optional() })
export const UnwatchRequest = z.object({ topic: Topic })

/** What a topic's snapshot looks like; `change` patches this value (see keyed-merge-patch). */
export interface TopicSnapshots {
  fleet: { vms: VmSummary[] }
  /** The VM, its open or latest operation and the newest entries of its history. */
  vm: { vm: Vm; operation?: Operation; history: AuditEntry[] }
  resizes: { operations: Operation[] }
  /** The newest entries; older ones come by REST. */
  audit: { entries: AuditEntry[] }
  hosts: { hosts: Host[] }
}

/** One change of a topic. `rev` is the one before plus 1: a gap means "watch again". */
export interface LiveChange {
  readonly topic: string
  readonly rev: number
  readonly patch: Json
}

export type WatchAnswer =
  | { readonly ok: true; readonly topic: string; readonly rev: number; readonly snapshot: unknown }
  | {
      readonly ok: false
      readonly topic: string
      readonly code: 'invalid-topic' | 'not-found' | 'not-permitted' | 'too-many-topics' | 'internal-error'
      readonly message: string
    }

/** Sent to the sockets of a person who asked to be told of a resize (`PUT /resizes/{id}/tell-me`). */
export interface LiveNotice {
  readonly what: 'overdue' | 'ended'
  /** Id of the operation. */
  readonly operation: string
  readonly vm: string
  readonly vmName: string
  readonly state: OperationState
  /** Where it stands, for a person. */
  readonly sentence: string
}

/** Why the server ended a socket. */
export const LIVE_END_REASONS = [
  'session-ended',
  'not-permitted',
  'slow-consumer',
  'server-stopping',
] as const
export type LiveEndReason = (typeof LIVE_END_REASONS)[number]

export interface LiveClientToServer {
  watch: (request: { topic: string; rev?: number }, answer?: (answer: WatchAnswer) => void) => void
  unwatch: (request: { topic: string }, answer?: (answer: { ok: boolean }) => void) => void
}

export interface LiveServerToClient {
  change: (change: LiveChange) => void
  notice: (notice: LiveNotice) => void
  /** Sent just before the server disconnects. */
  ended: (end: { reason: LiveEndReason; message: string }) => void
}
