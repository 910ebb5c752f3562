import type { Selectable } from 'kysely'
import { AUDIT_OUTCOMES, Actor, type AuditEntry } from '@coreshift/shared/contract'
import { canonicalJson } from '../audit/canonical-json.ts'
import type { AuditEntryRow } from './schema.ts'

const ACTOR_KINDS = Actor.shape.kind.options

/** A stored row that no longer reads as an entry: somebody wrote to the table by other means. */
export class UnreadableEntryError extends Error {
  override readonly name = 'UnreadableEntryError'
  readonly id: number

  constructor(id: number, message: string) {
    super(message)
    this.id = id
  }
}

export function toRow(entry: AuditEntry): AuditEntryRow {
  return {
    id: entry.id,
    at: entry.at,
    actor_kind: entry.actor.kind,
    actor_name: entry.actor.name,
    actor_address: entry.actor.address ?? null,
    action: entry.action,
    outcome: entry.outcome,
    vm: entry.vm ?? null,
    vm_name: entry.vmName ?? null,
    host: entry.host ?? null,
    operation: entry.operation ?? null,
    message: entry.message,
    duration_ms: entry.durationMs ?? null,
    detail: entry.detail === undefined ? null : canonicalJson(entry.detail),
    request_id: entry.requestId ?? null,
    hash: entry.hash,
  }
}

/**
 * The row as an entry. The closed lists are looked at by hand: the schema's parser takes ten times as long, and
 * verifying reads millions of rows.
 * @throws UnreadableEntryError
 */
export function toEntry(row: Selectable<AuditEntryRow>): AuditEntry {
  const mistyped = Object.entries(row).find(([name, value]) => !fitsColumn(name, value))
  if (mistyped) {
    throw new UnreadableEntryError(
      row.id,
      `entry ${row.id} cannot be read: its ${mistyped[0]} is of another kind than it was written`,
    )
  }
  const kind = ACTOR_KINDS.find((known) => known === row.actor_kind)
  const outcome = AUDIT_OUTCOMES.find((known) => known === row.outcome)
  if (kind === undefined || outcome === undefined) {
    const word = kind === undefined ? row.actor_kind : row.outcome
    throw new UnreadableEntryError(row.id, `entry ${row.id} cannot be read: "${word}" is no word of this log`)
  }
  const actor: Actor = { kind, name: row.actor_name }
  if (row.actor_address !== null) actor.address = row.actor_address
  const entry: AuditEntry = {
    id: row.id,
    at: row.at,
    actor,
    action: row.action,
    outcome,
    message: row.message,
    hash: row.hash,
  }
  if (row.vm !== null) entry.vm = row.vm
  if (row.vm_name !== null) entry.vmName = row.vm_name
  if (row.host !== null) entry.host = row.host
  if (row.operation !== null) entry.operation = row.operation
  if (row.duration_ms !== null) entry.durationMs = row.duration_ms
  if (row.detail !== null) entry.detail = detailOf(row.id, row.detail)
  if (row.request_id !== null) entry.requestId = row.request_id
  return entry
}

/** A detail that is spelled otherwise than it was written was changed, even where it means the same. */
function detailOf(id: number, text: string): Record<string, unknown> {
  let detail: unknown
  try {
    detail = JSON.parse(text)
  } catch (cause) {
    throw new UnreadableEntryError(
      id,
      `entry ${id} cannot be read: its detail is not JSON (${String(cause)})`,
    )
  }
  if (canonicalJson(detail) !== text || !isObject(detail)) {
    throw new UnreadableEntryError(id, `entry ${id} was changed: its detail is not spelled as it was written`)
  }
  return detail
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const NUMBER_COLUMNS: ReadonlySet<string> = new Set(['id', 'duration_ms'])
const NULLABLE_COLUMNS: ReadonlySet<string> = new Set([
  'actor_address',
  'vm',
  'vm_name',
  'host',
  'operation',
  'duration_ms',
  'detail',
  'request_id',
])

/** SQLite keeps what it is given, whatever the column's type says. */
function fitsColumn(name: string, value: unknown): boolean {
  if (value === null) return NULLABLE_COLUMNS.has(name)
  return typeof value === (NUMBER_COLUMNS.has(name) ? 'number' : 'string')
}
