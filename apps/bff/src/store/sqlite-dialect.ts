import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'

/** How long a single statement waits for another process that writes (the command line beside the server), ms. */
const BUSY_TIMEOUT_MS = 5_000

/** A transaction asks for the write lock this often before it gives up: together about 10 s. */
const BEGIN_ATTEMPTS_MAX = 1_000
const BEGIN_RETRY_MS = 10

/**
 * Pages of the write-ahead log after which a commit carries a checkpoint out itself, 64 MB: what is left to a thread of
 * its own (see WriteAheadLog) has a bound.
 */
const CHECKPOINT_WITHIN_COMMIT_PAGES = 16_000

/** Flags of `PRAGMA optimize` for a connection that was just opened (sqlite.org/pragma.html#pragma_optimize). */
const OPTIMIZE_ALL_TABLES = 0x10002

/** SQLite's result code "database is locked" (sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5

/** Prepared statements kept; the product has some hundred different ones. */
const STATEMENT_CACHE_MAX = 500

/**
 * Opens a SQLite file with a write-ahead log. A single statement is on the disk when it resolves; for a transaction see
 * `nodeSqliteDialect`.
 * @param file path
 */
export function openSqliteFile(file: string): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
  sqlite.exec('PRAGMA journal_mode = WAL')
  sqlite.exec('PRAGMA synchronous = FULL')
  // Without figures about the data the planner cannot tell a rare VM from a common action. Reads 400 rows per index.
  sqlite.exec('PRAGMA analysis_limit = 400')
  sqlite.exec(`PRAGMA optimize = ${OPTIMIZE_ALL_TABLES}`)
  return sqlite
}

/** Whether the file has a write-ahead log: some network file systems allow none, and SQLite then goes on without. */
export function hasWriteAheadLog(sqlite: DatabaseSync): boolean {
  return sqlite.prepare('PRAGMA journal_mode').get()?.['journal_mode'] === 'wal'
}

/**
 * When a transaction is on the disk: `within` its commit, which stops the whole process for that long, or `later`, by a
 * sync of the write-ahead log that the caller waits for (see WriteAheadLog).
 */
export type CommitSync = 'within' | 'later'

/**
 * Kysely over node:sqlite, for which Kysely has no dialect of its own.
 * @param sync default `within`
 */
export function nodeSqliteDialect(sqlite: DatabaseSync, sync: CommitSync = 'within'): Dialect {
  if (sync === 'later') sqlite.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_WITHIN_COMMIT_PAGES}`)
  return {
    createDriver: () => new ImmediateSqliteDriver(sqlite, sync),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

/**
 * Takes the write lock when a transaction begins. SQLite's default takes it at the first write, and a
 * transaction that has read before then fails at once ("database is locked") when another process wrote
 * meanwhile, whatever the busy timeout (sqlite.org, "Isolation", WAL mode).
 *
 * SQLite's own waiting would stop the whole process, because node:sqlite is synchronous: the wait is done here.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  readonly #sqlite: DatabaseSync
  /** What SQLite calls it not to sync in a commit; a checkpoint syncs all the same. */
  readonly #level: 'normal' | 'full'

  constructor(sqlite: DatabaseSync, sync: CommitSync) {
    super({ database: asKyselyDatabase(sqlite) })
    this.#sqlite = sqlite
    this.#level = sync === 'later' ? 'normal' : 'full'
  }

  override async beginTransaction(): Promise<void> {
    const begin = `pragma busy_timeout = 0; pragma synchronous = ${this.#level}; begin immediate`
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#sqlite.exec(begin)
        return
      } catch (error) {
        if (isBusy(error) && attempt < BEGIN_ATTEMPTS_MAX) await delay(BEGIN_RETRY_MS)
        else {
          this.#leave()
          throw error
        }
      } finally {
        this.#sqlite.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
      }
    }
  }

  override async commitTransaction(): Promise<void> {
    this.#sqlite.exec('commit')
    this.#leave()
  }

  /**
   * After some errors, a full disk first of all, SQLite has rolled back already (sqlite.org/lang_transaction.html,
   * "Response To Errors Within A Transaction"): to do it again would fail and hide what was wrong.
   */
  override async rollbackTransaction(): Promise<void> {
    if (this.#sqlite.isTransaction) this.#sqlite.exec('rollback')
    this.#leave()
  }

  /** Outside of transactions every statement is on the disk when it returns. */
  #leave(): void {
    this.#sqlite.exec('pragma synchronous = full')
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>()
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const known = cache.get(sql)
      if (known) return known
      const statement = asKyselyStatement(sqlite.prepare(sql))
      if (cache.size >= STATEMENT_CACHE_MAX) {
        const oldest = cache.keys().next()
        if (!oldest.done) cache.delete(oldest.value)
      }
      cache.set(sql, statement)
      return statement
    },
  }
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toSqlite)),
    run: (parameters) => statement.run(...parameters.map(toSqlite)),
    iterate: (parameters) => statement.iterate(...parameters.map(toSqlite)),
  }
}

/** node:sqlite refuses booleans, dates and undefined. */
function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}; convert it to text first`)
}
