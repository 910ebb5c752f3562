import type { Kysely } from 'kysely'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft, AuditFilter } from '../audit/audit-log.ts'
import { CHAIN_START, linkEntry, type ChainHead } from '../audit/audit-chain.ts'
import { toEntry, toRow } from './audit-row.ts'
import { searchEntries } from './audit-search.ts'
import type { Database, WriteTransaction } from './database.ts'
import { followChain } from './follow-chain.ts'
import { prepareInsert } from './prepared-insert.ts'
import type { AuditEntryRow, Schema } from './schema.ts'

export interface AuditRepository {
  append(drafts: readonly AuditDraft[]): Promise<AuditEntry[]>
  /** Appends inside the caller's transaction, so that a change and its entries stand or fall together. */
  appendWithin(transaction: WriteTransaction, drafts: readonly AuditDraft[]): Promise<AuditEntry[]>
  head(): Promise<ChainHead>
  /** Resolves when every entry that was read before is durable. */
  settled(): Promise<void>
  /**
   * Follows the chain quickly.
   * @param end id of the last entry to look at
   * @returns the last link that surely fits; what comes behind it has to be looked at with care
   */
  follow(start: ChainHead, end: number): Promise<ChainHead>
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
  const insert = prepareInsert((row: AuditEntryRow) => db.insertInto('audit_entry').values(row))
  const newestLink = db
    .selectFrom('audit_entry')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .compile()
  const readHead = async (reader: Kysely<Schema>): Promise<ChainHead> =>
    (await reader.executeQuery(newestLink)).rows[0] ?? CHAIN_START

  const appendWithin: AuditRepository['appendWithin'] = async (transaction, drafts) => {
    if (drafts.length === 0) return []
    await database.lockAuditChain(transaction)
    let head = await readHead(transaction)
    const entries = drafts.map((draft) => {
      const entry = linkEntry(head, draft)
      head = entry
      return entry
    })
    for (const entry of entries) await insert(transaction, toRow(entry))
    return entries
  }

  return {
    appendWithin,
    append: (drafts) => database.write((transaction) => appendWithin(transaction, drafts)),
    head: () => readHead(db),
    settled: () => database.settled(),
    follow: (start, end) => followChain(database, start, end),
    async newest(filter, limit, before) {
      if (!isEmpty(filter)) return searchEntries(db, filter, { order: 'newest', limit, from: before })
      let query = db.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map(toEntry)
    },
    async oldest(filter, limit, after) {
      if (!isEmpty(filter)) return searchEntries(db, filter, { order: 'oldest', limit, from: after })
      const query = db.selectFrom('audit_entry').selectAll().where('id', '>', after)
      return (await query.orderBy('id', 'asc').limit(limit).execute()).map(toEntry)
    },
  }
}

function isEmpty(filter: AuditFilter): boolean {
  return Object.values(filter).every((value) => value === undefined)
}
