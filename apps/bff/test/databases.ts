import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import { openPostgres, openSqlite, type Database, type DatabaseKind } from '../src/store/database.ts'
import type { Schema } from '../src/store/schema.ts'
import { nodeSqliteDialect, openSqliteFile } from '../src/store/sqlite-dialect.ts'

/** A database of its own for one test. */
interface TestDatabase extends AsyncDisposable {
  readonly database: Database
  /** A second process's view of the same data. */
  reopen(): Promise<Database>
}

export const DATABASE_KINDS: readonly DatabaseKind[] = ['sqlite', 'postgres']

export async function testDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? sqliteDatabase() : postgresDatabase()
}

/** A database without any table, as Kysely sees it, and the same one opened as the product does. */
interface EmptyDatabase extends AsyncDisposable {
  readonly db: Kysely<Schema>
  open(): Promise<Database>
}

export async function emptyDatabase(kind: DatabaseKind): Promise<EmptyDatabase> {
  const made: AsyncDisposable[] = []
  let db: Kysely<Schema>
  let open: () => Promise<Database>
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'coreshift-empty-'))
    const file = join(folder, 'coreshift.db')
    db = new Kysely<Schema>({ dialect: nodeSqliteDialect(openSqliteFile(file)) })
    open = () => openSqlite(file)
    made.push({
      [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    })
  } else {
    const created = await postgresDatabaseUrl(inject('postgresUrl'))
    const pool = new pg.Pool({ connectionString: created.url })
    // Connections that are on their way out when the database is dropped.
    pool.on('error', () => undefined)
    db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
    open = () => openPostgres(created.url, () => undefined)
    made.push(created)
  }
  const opened: Database[] = []
  return {
    db,
    async open() {
      const database = await open()
      opened.push(database)
      return database
    },
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close()
      await db.destroy()
      for (const each of made) await each[Symbol.asyncDispose]()
    },
  }
}

async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'coreshift-sqlite-'))
  return testDatabaseFrom(
    () => openSqlite(join(folder, 'coreshift.db')),
    () => {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  )
}

async function postgresDatabase(): Promise<TestDatabase> {
  const created = await postgresDatabaseUrl(inject('postgresUrl'))
  let dropping = false
  return testDatabaseFrom(
    () =>
      openPostgres(created.url, (error) => {
        // A closed pool's last connections may still be on their way out when the database goes.
        if (!dropping) throw error
      }),
    async () => {
      dropping = true
      await created[Symbol.asyncDispose]()
    },
  )
}

/** An empty database on the test's PostgreSQL server, dropped at the end. */
export async function postgresDatabaseUrl(
  server: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(server, `create database ${name}`)
  return {
    url: server.replace('/postgres?', `/${name}?`),
    [Symbol.asyncDispose]: () => administer(server, `drop database ${name} with (force)`),
  }
}

async function testDatabaseFrom(
  open: () => Promise<Database>,
  drop: () => Promise<void>,
): Promise<TestDatabase> {
  const opened: Database[] = []
  const reopen = async (): Promise<Database> => {
    const database = await open()
    opened.push(database)
    return database
  }
  return {
    database: await reopen(),
    reopen,
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close()
      await drop()
    },
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
