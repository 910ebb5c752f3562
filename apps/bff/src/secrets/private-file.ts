import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Only the account that the server runs under may read it. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/** @returns undefined when there is no such file */
export function readPrivateFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * The file's text; made with `make` when there is none. Written aside and linked: of two processes that start at once,
 * both read what the first one made.
 */
export function readOrCreatePrivateFile(path: string, make: () => string): string {
  const known = readPrivateFile(path)
  if (known !== undefined) return known
  const aside = writeAside(path, make())
  try {
    linkSync(aside, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
  const made = readPrivateFile(path)
  if (made === undefined) throw new Error(`The file ${path} vanished while it was being made.`)
  return made
}

/** Puts another text in the file's place at once: a reader sees the old or the new one, also after a crash. */
export function replacePrivateFile(path: string, text: string): void {
  renameSync(writeAside(path, text), path)
}

function writeAside(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE })
  const aside = `${path}.${process.pid}`
  rmSync(aside, { force: true })
  writeFileSync(aside, text, { mode: FILE_MODE, flush: true, flag: 'wx' })
  return aside
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
