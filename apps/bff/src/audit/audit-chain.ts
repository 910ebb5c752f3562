import { hash } from 'node:crypto'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft } from './audit-log.ts'
import { canonicalJson } from './canonical-json.ts'

/** The place of the last entry. */
export interface ChainHead {
  readonly id: number
  readonly hash: string
}

/** Before the first entry. */
export const CHAIN_START: ChainHead = { id: 0, hash: '0'.repeat(64) }

type UnhashedEntry = Omit<AuditEntry, 'hash'>

/** SHA-256 over the hash before, a line feed and the entry's canonical JSON without its own hash; hex. */
function entryHash(previousHash: string, entry: UnhashedEntry): string {
  return hash('sha256', `${previousHash}\n${canonicalJson(entry)}`)
}

/** Gives a draft its place behind `head`. */
export function linkEntry(head: ChainHead, draft: AuditDraft): AuditEntry {
  const entry: UnhashedEntry = {
    id: head.id + 1,
    at: storableText(draft.at),
    actor: {
      kind: draft.actor.kind,
      name: storableText(draft.actor.name),
      ...(draft.actor.address === undefined ? {} : { address: storableText(draft.actor.address) }),
    },
    action: storableText(draft.action),
    outcome: draft.outcome,
    message: storableText(draft.message),
    ...(draft.vm === undefined ? {} : { vm: storableText(draft.vm) }),
    ...(draft.vmName === undefined ? {} : { vmName: storableText(draft.vmName) }),
    ...(draft.host === undefined ? {} : { host: storableText(draft.host) }),
    ...(draft.operation === undefined ? {} : { operation: storableText(draft.operation) }),
    ...(draft.durationMs === undefined ? {} : { durationMs: draft.durationMs }),
    ...(draft.detail === undefined ? {} : { detail: jsonObject(draft.detail) }),
    ...(draft.requestId === undefined ? {} : { requestId: storableText(draft.requestId) }),
  }
  return { ...entry, hash: entryHash(head.hash, entry) }
}

/**
 * Why `entry` is not the link behind `head`.
 * @returns a sentence, or `undefined` when it fits
 */
export function linkProblem(head: ChainHead, entry: AuditEntry): string | undefined {
  if (entry.id !== head.id + 1) {
    return `entry ${head.id + 1} is missing: the next one found is ${entry.id}`
  }
  const { hash: told, ...unhashed } = entry
  return entryHash(head.hash, unhashed) === told
    ? undefined
    : `entry ${entry.id} does not fit its hash: it, or what stood before it, was changed`
}

/** PostgreSQL's text holds no NUL, and a lone surrogate would come back as another character than it was hashed. */
function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** What JSON keeps of the detail, so that the entry returned now equals the one read back later. */
function jsonObject(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed: unknown = JSON.parse(canonicalJson(detail))
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
}
