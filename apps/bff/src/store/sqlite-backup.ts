import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, backup } from 'node:sqlite'
import { MIGRATIONS, NewerSchemaError } from './migrate.ts'

/** Pages copied before other connections get their turn: 4 MB. */
const PAGES_PER_STEP = 1_024
const FILE_MODE = 0o600

/** The file is no database of this product, is damaged, or is in use. */
export class UnusableDatabaseError extends Error {
  override readonly name = 'UnusableDatabaseError'
}

/**
 * Copies a SQLite database while others write to it, checks the copy, and only then gives it its name.
 * @throws UnusableDatabaseError when the copy is damaged
 */
export async function backUpSqlite(source: string, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    using database = new DatabaseSync(source, { readOnly: true })
    await backup(database, partial, { rate: PAGES_PER_STEP })
    chmodSync(partial, FILE_MODE)
    checkBackup(partial)
    renameSync(partial, target)
  } finally {
    rmSync(partial, { force: true })
  }
}

/**
 * Puts a checked copy of `source` in the place of the database at `target`.
 * @param at ISO instant, for the name under which the former database stays
 * @returns where the former database is; undefined when there was none
 * @throws UnusableDatabaseError, NewerSchemaError
 */
export async function replaceSqlite(source: string, target: string, at: string): Promise<string | undefined> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const partial = `${target}.restoring`
  rmSync(partial, { force: true })
  try {
    copyFileSync(source, partial)
    chmodSync(partial, FILE_MODE)
    checkBackup(partial)
    const former = existsSync(target) ? `${target}.before-${at.replaceAll(/[:.]/g, '-')}` : undefined
    if (former !== undefined) {
      takeOutOfUse(target)
      renameSync(target, former)
    }
    renameSync(partial, target)
    return Promise.resolve(former)
  } finally {
    rmSync(partial, { force: true })
  }
}

function checkBackup(file: string): void {
  let newest: unknown
  try {
    using database = new DatabaseSync(file)
    // A file of its own from here on, without a log beside it.
    database.exec('pragma journal_mode = delete')
    const check = database.prepare('pragma quick_check').get()?.['quick_check']
    if (check !== 'ok') throw new UnusableDatabaseError(`${file} is damaged: ${String(check)}`)
    newest = database.prepare('select max(id) as newest from schema_migration').get()?.['newest']
  } catch (cause) {
    if (cause instanceof UnusableDatabaseError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UnusableDatabaseError(`${file} is no database of Coreshift: ${why}`, { cause })
  }
  const known = MIGRATIONS.at(-1)?.id ?? 0
  if (typeof newest === 'number' && newest > known) {
    throw new NewerSchemaError(
      `The backup has schema version ${newest} and this release of Coreshift knows versions up to ${known}. Restore it with the release that wrote it, or a later one.`,
    )
  }
}

/** Leaving the write-ahead log needs every other connection gone: that is how a running server is noticed. */
function takeOutOfUse(file: string): void {
  try {
    using database = new DatabaseSync(file)
    database.exec('pragma journal_mode = delete')
  } catch (cause) {
    throw new UnusableDatabaseError(
      `${file} is in use, or damaged (${cause instanceof Error ? cause.message : String(cause)}). Stop the server first; a damaged file has to be moved away by hand.`,
      { cause },
    )
  }
}
