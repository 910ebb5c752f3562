import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Actor } from '@coreshift/shared/contract'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import { SQLITE_FILE, openStore } from '../open-store.ts'
import { backUpSqlite, replaceSqlite } from '../store/sqlite-backup.ts'

/** `backup FILE`: a whole copy of the SQLite database, taken while the server goes on. */
export async function backUp(config: Config, target: string): Promise<number> {
  const source = sqliteFile(config, 'pg_dump')
  if (!existsSync(source)) {
    throw new Failure(
      'not-found',
      `There is no database at ${source}. CORESHIFT_DATA says where the data folder is.`,
    )
  }
  const file = resolve(target)
  if (existsSync(file))
    throw new Failure('conflict', `${file} exists already; a backup never overwrites a file.`)
  await backUpSqlite(source, file)
  process.stdout.write(
    `The database was copied to ${file}. Keep the key files of ${config.dataDirectory} (*.key, *.keys) in another place: without them nobody can read what is sealed in it.\n`,
  )
  return 0
}

/** `restore FILE`: puts a backup in the place of the database. The server has to be stopped. */
export async function restore(config: Config, source: string, actor: Actor): Promise<number> {
  const target = sqliteFile(config, 'pg_restore')
  const file = resolve(source)
  if (!existsSync(file)) throw new Failure('not-found', `There is no file ${file}.`)
  const at = new Date().toISOString()
  const former = await replaceSqlite(file, target, at)
  const store = await openStore(config, (message, cause) => {
    process.stderr.write(`${message}: ${String(cause)}\n`)
  })
  try {
    await store.audit.append({
      at,
      actor,
      action: 'database.restored',
      outcome: 'done',
      message:
        'The database was put back from a backup on the command line; what was recorded since is not in it.',
    })
  } finally {
    await store.close()
  }
  process.stdout.write(
    `The database was restored from ${file}.${former === undefined ? '' : ` What was there before is ${former}.`}\n`,
  )
  return 0
}

function sqliteFile(config: Config, tool: string): string {
  if (config.databaseUrl !== undefined) {
    throw new Failure(
      'conflict',
      `The data are in PostgreSQL (CORESHIFT_DATABASE_URL is set): use PostgreSQL's own ${tool}.`,
    )
  }
  return join(config.dataDirectory, SQLITE_FILE)
}
