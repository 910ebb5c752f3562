import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** The columns by which the first release searched: a whole block's terms answer for them now. */
const FORMER_INDEXES = ['vm', 'actor_name', 'action', 'outcome', 'operation', 'at'] as const

/** Search by blocks of entries, which is derived from the entries and filled while the server runs. */
export async function auditSearch(
  transaction: Transaction<Schema>,
  kind: 'sqlite' | 'postgres',
): Promise<void> {
  const postgres = kind === 'postgres'
  await transaction.schema
    .createTable('audit_block')
    .addColumn('block', 'integer', (column) => column.primaryKey())
    .addColumn('at_min', 'text', (column) => column.notNull())
    .addColumn('at_max', 'text', (column) => column.notNull())
    .execute()
  const terms = transaction.schema
    .createTable('audit_term')
    .addColumn('block', 'integer', (column) => column.notNull())
    // Beginnings are looked for by the order of code points, whatever the database's language is.
    .addColumn('term', postgres ? sql`text collate "C"` : 'text', (column) => column.notNull())
    .addColumn('members', postgres ? 'bytea' : 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_term_key', ['block', 'term'])
  await (postgres ? terms : terms.modifyEnd(sql`without rowid`)).execute()
  for (const column of FORMER_INDEXES) {
    await transaction.schema.dropIndex(`audit_entry_by_${column}`).execute()
  }
}
