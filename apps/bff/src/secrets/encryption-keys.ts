import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readOrCreatePrivateFile, readPrivateFile, replacePrivateFile } from './private-file.ts'
import {
  KEY_BYTES,
  UnreadableSecretError,
  keyIdOf,
  openWith,
  sealWith,
  type SealingKey,
  type SecretBox,
} from './secret-box.ts'

const KEY_FILE = 'encryption.keys'

/**
 * The keys under which the database keeps what it must not know: passwords for libvirt daemons, keys of authenticators.
 * A file beside the database, never in it. One key a line in base64, the newest first: it seals; the older ones only
 * open. A key's id is made from the key, so that it cannot name another one.
 */
export interface EncryptionKeys extends SecretBox {
  /** @returns id of the key that seals from now on */
  newestId(): string
  /** Adds a new key in front. What was sealed before still opens. */
  addKey(): void
  /** Lets go of all keys but the newest and the one before: a process that sealed a moment ago may have used that. */
  dropOldKeys(): void
}

/** Keys that remain after a rotation. */
const KEPT_KEYS = 2

/** Makes the first key when there is none. The file is read again when it may have changed. */
export function openEncryptionKeys(dataDirectory: string): EncryptionKeys {
  const path = join(dataDirectory, KEY_FILE)
  let keys = parseKeys(
    path,
    readOrCreatePrivateFile(path, () => `${newKey()}\n`),
  )

  function reload(): void {
    const text = readPrivateFile(path)
    if (text === undefined) throw new Error(`The key file ${path} is gone. Restore it from the backup.`)
    keys = parseKeys(path, text)
  }

  function write(lines: readonly SealingKey[]): void {
    replacePrivateFile(path, lines.map(({ key }) => `${key.toString('base64')}\n`).join(''))
    reload()
  }

  const find = (id: string): SealingKey | undefined => keys.find((key) => key.id === id)

  return {
    newestId() {
      reload()
      return keys[0].id
    },
    seal(text, purpose) {
      // Another process may have rotated the keys.
      reload()
      return sealWith(keys[0], text, purpose)
    },
    open(sealed, purpose) {
      const id = keyIdOf(sealed)
      if (!find(id)) reload()
      const key = find(id)
      if (!key) {
        throw new UnreadableSecretError(
          `The key ${id} that sealed this is not in ${path}. Restore the file from the backup that belongs to the database.`,
        )
      }
      return openWith(key, sealed, purpose)
    },
    addKey() {
      reload()
      write([keyOf(newKey()), ...keys])
    },
    dropOldKeys() {
      reload()
      write(keys.slice(0, KEPT_KEYS))
    },
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

function keyOf(line: string): SealingKey {
  const key = Buffer.from(line, 'base64')
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
}

function parseKeys(path: string, text: string): [SealingKey, ...SealingKey[]] {
  const [newest, ...older] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(keyOf)
  const damaged = [newest, ...older].some((key) => key?.key.length !== KEY_BYTES)
  if (newest === undefined || damaged) {
    throw new Error(
      `The key file ${path} is damaged: each line has to be ${KEY_BYTES} bytes in base64. Restore it from the backup.`,
    )
  }
  return [newest, ...older]
}
