import type { Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** Ended operations whose `after-resize` hooks are still to run. */
export async function afterResizeHooks(transaction: Transaction<Schema>): Promise<void> {
  await transaction.schema
    .createTable('hook_due')
    .addColumn('operation', 'text', (column) => column.primaryKey())
    .addColumn('since', 'text', (column) => column.notNull())
    .execute()
}
