import { sql, type Kysely, type Selectable } from 'kysely'
import { AUDIT_OUTCOMES, Actor, type AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft, AuditFilter } from '../audit/audit-log.ts'
import { CHAIN_START, linkEntry, type ChainHead } from '../audit/audit-chain.ts'
import { canonicalJson } from '../audit/canonical-json.ts'
import type { Database, WriteTransaction } from './database.ts'
import type { AuditEntryRow, Schema } from './schema.ts'

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

export interface AuditRepository {
  append(drafts: readonly AuditDraft[]): Promise<AuditEntry[]>
  /** Appends inside the caller's transaction, so that a change and its entries stand or fall together. */
  appendWithin(transaction: WriteTransaction, drafts: readonly AuditDraft[]): Promise<AuditEntry[]>
  head(): Promise<ChainHead>
  /**
   * Newest first.
   * @param before only entries with a lower position
   */
  newest(filter: AuditFilter, limit: number, before?: number): Promise<AuditEntry[]>
  /**
   * Oldest first.
   * @param after only entries with a higher position
   * @throws UnreadableEntryError
   */
  oldest(filter: AuditFilter, limit: number, after: number): Promise<AuditEntry[]>
}

export function createAuditRepository(database: Database): AuditRepository {
  const { db } = database

  const appendWithin: AuditRepository['appendWithin'] = async (transaction, drafts) => {
    if (drafts.length === 0) return []
    await database.lockAuditChain(transaction)
    let head = await readHead(transaction)
    const entries = drafts.map((draft) => {
      const entry = linkEntry(head, draft)
      head = entry
      return entry
    })
    await transaction.insertInto('audit_entry').values(entries.map(toRow)).execute()
    return entries
  }

  return {
    appendWithin,
    append: (drafts) => database.write((transaction) => appendWithin(transaction, drafts)),
    head: () => readHead(db),
    async newest(filter, limit, before) {
      let query = filtered(db, filter).orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map(toEntry)
    },
    async oldest(filter, limit, after) {
      const query = filtered(db, filter).where('id', '>', after).orderBy('id', 'asc').limit(limit)
      return (await query.execute()).map(toEntry)
    },
  }
}

async function readHead(db: Kysely<Schema>): Promise<ChainHead> {
  const row = await db
    .selectFrom('audit_entry')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? CHAIN_START
}

function filtered(db: Kysely<Schema>, filter: AuditFilter) {
  let query = db.selectFrom('audit_entry').selectAll()
  if (filter.vm !== undefined) query = query.where('vm', '=', filter.vm)
  if (filter.actor !== undefined) query = query.where('actor_name', '=', filter.actor)
  if (filter.action !== undefined) query = query.where('action', '=', filter.action)
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome)
  if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('at', '<', filter.to)
  if (filter.q !== undefined) {
    const pattern = `%${filter.q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where(sql<boolean>`lower(message) like ${pattern} escape '\\'`)
  }
  return query
}

function toRow(entry: AuditEntry): AuditEntryRow {
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
function toEntry(row: Selectable<AuditEntryRow>): AuditEntry {
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
