import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

type Kind = 'sqlite' | 'postgres'

/** Tables of the first release. */
export async function initialSchema(transaction: Transaction<Schema>, kind: Kind): Promise<void> {
  await auditAndOperations(transaction, kind)
  await configuration(transaction)
  await accounts(transaction, kind)
}

async function auditAndOperations(transaction: Transaction<Schema>, kind: Kind): Promise<void> {
  const position = kind === 'postgres' ? 'bigint' : 'integer'
  await transaction.schema
    .createTable('audit_entry')
    .addColumn('id', position, (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('actor_address', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('vm', 'text')
    .addColumn('vm_name', 'text')
    .addColumn('host', 'text')
    .addColumn('operation', 'text')
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('duration_ms', 'double precision')
    .addColumn('detail', 'text')
    .addColumn('request_id', 'text')
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
  // Each filter pages by position within its value: one index per filter answers in the order that is shown.
  for (const column of ['vm', 'actor_name', 'action', 'outcome', 'operation', 'at'] as const) {
    await transaction.schema
      .createIndex(`audit_entry_by_${column}`)
      .on('audit_entry')
      .columns([column, 'id'])
      .execute()
  }
  await transaction.schema
    .createTable('operation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('vm', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('is_open', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema
    .createIndex('operation_by_vm')
    .on('operation')
    .columns(['vm', 'created_at'])
    .execute()
  await transaction.schema
    .createIndex('operation_by_openness')
    .on('operation')
    .columns(['is_open', 'created_at'])
    .execute()
}

async function configuration(transaction: Transaction<Schema>): Promise<void> {
  await transaction.schema
    .createTable('managed_host')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('uri', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema
    .createTable('setting')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema
    .createTable('api_token')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('last_used_at', 'text')
    .execute()
  await transaction.schema
    .createTable('first_run')
    .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
}

/** Tables of better-auth 1.7, core: user, session, account, verification. */
async function accounts(transaction: Transaction<Schema>, kind: Kind): Promise<void> {
  const instant = kind === 'postgres' ? 'timestamptz' : 'text'
  const flag = kind === 'postgres' ? 'boolean' : 'integer'
  const off = kind === 'postgres' ? sql`false` : sql`0`
  await transaction.schema
    .createTable('auth_user')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', flag, (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('createdAt', instant, (column) => column.notNull())
    .addColumn('updatedAt', instant, (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('disabled', flag, (column) => column.notNull().defaultTo(off))
    .execute()
  await transaction.schema
    .createTable('auth_session')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('expiresAt', instant, (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', instant, (column) => column.notNull())
    .addColumn('updatedAt', instant, (column) => column.notNull())
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', 'text', (column) => column.notNull().references('auth_user.id').onDelete('cascade'))
    .execute()
  await transaction.schema
    .createTable('auth_account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('providerId', 'text', (column) => column.notNull())
    .addColumn('userId', 'text', (column) => column.notNull().references('auth_user.id').onDelete('cascade'))
    .addColumn('accessToken', 'text')
    .addColumn('refreshToken', 'text')
    .addColumn('idToken', 'text')
    .addColumn('accessTokenExpiresAt', instant)
    .addColumn('refreshTokenExpiresAt', instant)
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('createdAt', instant, (column) => column.notNull())
    .addColumn('updatedAt', instant, (column) => column.notNull())
    .execute()
  await transaction.schema
    .createTable('auth_verification')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expiresAt', instant, (column) => column.notNull())
    .addColumn('createdAt', instant, (column) => column.notNull())
    .addColumn('updatedAt', instant, (column) => column.notNull())
    .execute()
  await transaction.schema.createIndex('auth_session_by_user').on('auth_session').column('userId').execute()
  await transaction.schema.createIndex('auth_account_by_user').on('auth_account').column('userId').execute()
  await transaction.schema
    .createIndex('auth_verification_by_identifier')
    .on('auth_verification')
    .column('identifier')
    .execute()
}
