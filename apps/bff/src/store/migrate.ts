import { sql, type Kysely, type Transaction } from 'kysely'
import { initialSchema } from './migrations/0001-initial-schema.ts'
import { accessAndTwoFactor } from './migrations/0002-access-and-two-factor.ts'
import { auditSearch } from './migrations/0003-audit-search.ts'
import { afterResizeHooks } from './migrations/0004-after-resize-hooks.ts'
import { idempotencyKeys } from './migrations/0005-idempotency-keys.ts'
import type { Schema } from './schema.ts'

type Kind = 'sqlite' | 'postgres'

interface Migration {
  /** From 1 without a gap; never changed once released. */
  readonly id: number
  readonly name: string
  up(transaction: Transaction<Schema>, kind: Kind): Promise<void>
}

/** In order. A released migration is never edited; a change is a new one at the end. */
export const MIGRATIONS: readonly Migration[] = [
  { id: 1, name: 'initial-schema', up: initialSchema },
  { id: 2, name: 'access-and-two-factor', up: accessAndTwoFactor },
  { id: 3, name: 'audit-search', up: auditSearch },
  { id: 4, name: 'after-resize-hooks', up: afterResizeHooks },
  { id: 5, name: 'idempotency-keys', up: idempotencyKeys },
]

/** Name of the lock under which one process at a time migrates. */
const MIGRATION_LOCK = 0x636f_7266

/** The database was written by a newer release than this one. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError'
}

/**
 * Brings the schema up to date in one transaction. Two processes may start at once: the second waits, then finds
 * nothing to do.
 * @throws NewerSchemaError when the database knows a migration that this release does not.
 */
export async function migrate(
  db: Kysely<Schema>,
  kind: Kind,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // SQLite's write lock is held since the transaction began.
    if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction)
    await transaction.schema
      .createTable('schema_migration')
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('applied_at', 'text', (column) => column.notNull().defaultTo(sql`current_timestamp`))
      .execute()
    const applied = await transaction
      .selectFrom('schema_migration')
      .select(['id', 'name'])
      .orderBy('id')
      .execute()
    const newest = migrations.at(-1)?.id ?? 0
    const unknown = applied.find((row) => row.id > newest)
    if (unknown) {
      throw new NewerSchemaError(
        `The database has schema version ${applied.at(-1)?.id ?? unknown.id} and this release of Coreshift knows versions up to ${newest}. ` +
          'Start the release that wrote it, or a later one.',
      )
    }
    const done = new Set(applied.map((row) => row.id))
    for (const migration of migrations) {
      if (done.has(migration.id)) continue
      await migration.up(transaction, kind)
      await transaction
        .insertInto('schema_migration')
        .values({ id: migration.id, name: migration.name })
        .execute()
    }
  })
}
