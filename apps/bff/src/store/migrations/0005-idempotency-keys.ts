import type { Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** Keys under which clients ask for a resize once, however often they send the request. */
export async function idempotencyKeys(transaction: Transaction<Schema>): Promise<void> {
  await transaction.schema
    .createTable('idempotency_key')
    .addColumn('key_hash', 'text', (column) => column.primaryKey())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema
    .createIndex('idempotency_key_by_age')
    .on('idempotency_key')
    .column('created_at')
    .execute()
}
