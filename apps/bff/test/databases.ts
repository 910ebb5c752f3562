import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { openPostgres, openSqlite, type Database, type DatabaseKind } from '../src/store/database.ts'

/** A database of its own for one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: Database
  /** A second process's view of the same data. */
  reopen(): Promise<Database>
}

export const DATABASE_KINDS: readonly DatabaseKind[] = ['sqlite', 'postgres']

export async function testDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? sqliteDatabase() : postgresDatabase()
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
