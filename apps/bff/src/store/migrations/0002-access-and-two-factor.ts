import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

type Kind = 'sqlite' | 'postgres'

/** Roles for a part of the fleet, the second step of a sign-in, accounts of an OIDC provider, secrets of hosts. */
export async function accessAndTwoFactor(transaction: Transaction<Schema>, kind: Kind): Promise<void> {
  await transaction.schema.alterTable('auth_user').addColumn('limitedTo', 'text').execute()
  await transaction.schema
    .alterTable('auth_user')
    .addColumn('source', 'text', (column) => column.notNull().defaultTo('password'))
    .execute()
  const flag = kind === 'postgres' ? 'boolean' : 'integer'
  await transaction.schema
    .alterTable('auth_user')
    .addColumn('twoFactor', flag, (column) =>
      column.notNull().defaultTo(kind === 'postgres' ? sql`false` : sql`0`),
    )
    .execute()
  await transaction.schema.alterTable('api_token').addColumn('limited_to', 'text').execute()
  await transaction.schema.alterTable('managed_host').addColumn('credentials', 'text').execute()
  const step = kind === 'postgres' ? 'bigint' : 'integer'
  await transaction.schema
    .createTable('two_factor')
    .addColumn('user_id', 'text', (column) =>
      column.primaryKey().references('auth_user.id').onDelete('cascade'),
    )
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('last_step', step, (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema
    .createTable('recovery_code')
    .addColumn('user_id', 'text', (column) => column.notNull().references('auth_user.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_code_key', ['user_id', 'code_hash'])
    .execute()
}
