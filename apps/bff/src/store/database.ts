import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { hasWriteAheadLog, nodeSqliteDialect, openSqliteFile, type CommitSync } from './sqlite-dialect.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Connections of one process to PostgreSQL. */
const POSTGRES_POOL_MAX = 10
const POSTGRES_CONNECT_TIMEOUT_MS = 10_000

/** PostgreSQL's type number of `bigint` (pg_type.oid of int8). */
const INT8_OID = 20

/** Name of the lock that lets one transaction at a time append to the audit chain. */
const AUDIT_LOCK = 0x636f_7265

export type WriteTransaction = Transaction<Schema>

/** An open, migrated database. Only this folder knows SQL. */
export interface Database {
  readonly kind: DatabaseKind
  /** Path of the SQLite file. */
  readonly file?: string
  readonly db: Kysely<Schema>
  /** One transaction; durable when the promise resolves, undone when `work` throws. */
  write<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T>
  /**
   * Resolves when everything that was committed before the call is durable: another transaction may be seen a moment
   * before it is.
   */
  settled(): Promise<void>
  /** Transactions of `write` that have not ended. */
  pendingWrites(): number
  /** Lets this transaction alone append to the audit chain, here and in every other process. */
  lockAuditChain(transaction: WriteTransaction): Promise<void>
  /** How this database keeps an instant in better-auth's tables. */
  instant(iso: string): string | Date
  /** How this database keeps a boolean in better-auth's tables. */
  flag(value: boolean): number | boolean
  close(): Promise<void>
}

interface SqliteOptions {
  /**
   * `later` (default): commits wait for a sync beside the event loop. `within`: each commit stops the process until it
   * is on the disk, for a simulation whose time stands still meanwhile.
   */
  readonly sync?: CommitSync
}

/** Opens (and creates) a SQLite database file and brings its schema up to date. */
export async function openSqlite(file: string, { sync = 'later' }: SqliteOptions = {}): Promise<Database> {
  makePrivate(file)
  const sqlite = openSqliteFile(file)
  const log = sync === 'later' && hasWriteAheadLog(sqlite) ? openWriteAheadLog(file) : undefined
  const db = new Kysely<Schema>({ dialect: nodeSqliteDialect(sqlite, log ? 'later' : 'within') })
  return prepared({
    kind: 'sqlite',
    file,
    db,
    ...writerOf(db, () => log?.committed() ?? Promise.resolve()),
    settled: () => log?.settled() ?? Promise.resolve(),
    // Every write transaction holds SQLite's one write lock from its beginning.
    lockAuditChain: () => Promise.resolve(),
    instant: (iso) => iso,
    flag: (value) => (value ? 1 : 0),
    async close() {
      await log?.close()
      await db.destroy()
    },
  })
}

/**
 * Connects to PostgreSQL and brings its schema up to date.
 * @param onIdleError told about connections that break while nobody uses them; the pool replaces them.
 */
export async function openPostgres(url: string, onIdleError: (error: Error) => void): Promise<Database> {
  const types = new pg.TypeOverrides()
  types.setTypeParser(INT8_OID, (text: string) => Number(text))
  const pool = new pg.Pool({
    connectionString: url,
    max: POSTGRES_POOL_MAX,
    connectionTimeoutMillis: POSTGRES_CONNECT_TIMEOUT_MS,
    types,
    application_name: 'coreshift',
  })
  pool.on('error', onIdleError)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return prepared({
    kind: 'postgres',
    db,
    ...writerOf(db),
    // A transaction is durable before anybody sees it.
    settled: () => Promise.resolve(),
    lockAuditChain: async (transaction) => {
      await sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`.execute(transaction)
    },
    instant: (iso) => new Date(iso),
    flag: (value) => value,
    close: () => db.destroy(),
  })
}

/** @param committed resolves when what was just committed is durable; default: it is already */
function writerOf(
  db: Kysely<Schema>,
  committed: () => Promise<void> = () => Promise.resolve(),
): Pick<Database, 'write' | 'pendingWrites'> {
  let pending = 0
  return {
    async write(work) {
      pending += 1
      try {
        const result = await db.transaction().execute(work)
        await committed()
        return result
      } finally {
        pending -= 1
      }
    },
    pendingWrites: () => pending,
  }
}

/** Sessions and password hashes lie in the file: nobody else on the machine may read it, nor SQLite's log beside it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}

async function prepared(database: Database): Promise<Database> {
  try {
    await migrate(database.db, database.kind)
    await database.settled()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
