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

/** What a viewer who comes back has of a topic, as the last answer and the changes since then said it. */
export const HeldState = z.object({ feed: z.string().max(100), rev: z.int().min(0) })
export type HeldState = z.infer<typeof HeldState>

export const WatchRequest = z.object({ topic: Topic, held: HeldState.optional() })
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

/** One change of a topic. `rev` is the one before plus 1: a gap means "watch again", with what is held. */
export interface LiveChange {
  readonly topic: string
  readonly rev: number
  readonly patch: Json
}

/** Where a viewer stands after `watch`. Revisions count within their `feed` and mean nothing in another one. */
interface Watched extends HeldState {
  readonly ok: true
  readonly topic: string
}

export type WatchAnswer =
  | (Watched & { readonly snapshot: unknown })
  /** The patches that lead from what was held to `rev`, in order. */
  | (Watched & { readonly missed: readonly Json[] })
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
  watch: (request: { topic: string; held?: HeldState }, answer?: (answer: WatchAnswer) => void) => void
  unwatch: (request: { topic: string }, answer?: (answer: { ok: boolean }) => void) => void
}

export interface LiveServerToClient {
  change: (change: LiveChange) => void
  notice: (notice: LiveNotice) => void
  /** Sent just before the server disconnects. */
  ended: (end: { reason: LiveEndReason; message: string }) => void
}
