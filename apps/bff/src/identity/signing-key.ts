import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomSecret } from './random-secret.ts'

const KEY_FILE = 'secret.key'
const KEY_MODE = 0o600

/**
 * The key that signs session cookies: a file beside the database, never in it, so that a copy of the database
 * alone signs nobody in. Made at the first start.
 */
export function readOrCreateSigningKey(dataDirectory: string): string {
  const path = join(dataDirectory, KEY_FILE)
  const known = readKey(path)
  if (known !== undefined) return known
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  // Written aside and linked: of two processes that start at once, both read the key of the first.
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, `${randomSecret()}\n`, { mode: KEY_MODE, flush: true })
  try {
    linkSync(aside, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
  const made = readKey(path)
  if (made === undefined) throw new Error(`The key file ${path} vanished while it was being made.`)
  return made
}

function readKey(path: string): string | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  if (text.length < 32) {
    throw new Error(
      `The key file ${path} is damaged: it has to hold one line of 32 characters or more. Restore it, or delete it and everybody signs in again.`,
    )
  }
  return text
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
