import { join } from 'node:path'
import { readOrCreatePrivateFile } from './private-file.ts'
import { randomSecret } from './random-secret.ts'

const KEY_FILE = 'secret.key'
const KEY_LENGTH_MIN = 32

/**
 * The key that signs session cookies: a file beside the database, never in it, so that a copy of the database
 * alone signs nobody in. Made at the first start.
 */
export function readOrCreateSigningKey(dataDirectory: string): string {
  const path = join(dataDirectory, KEY_FILE)
  const key = readOrCreatePrivateFile(path, () => `${randomSecret()}\n`).trim()
  if (key.length < KEY_LENGTH_MIN) {
    throw new Error(
      `The key file ${path} is damaged: it has to hold one line of ${KEY_LENGTH_MIN} characters or more. Restore it, or delete it and everybody signs in again.`,
    )
  }
  return key
}
