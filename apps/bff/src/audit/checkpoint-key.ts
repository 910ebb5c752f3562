import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { readOrCreatePrivateFile } from '../secrets/private-file.ts'

const KEY_FILE = 'audit-checkpoint.key'
const PUBLIC_KEY_FILE = 'audit-checkpoint.pub'

export interface CheckpointKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** File with the public part, to be handed to whoever verifies. */
  readonly publicKeyFile: string
}

/**
 * The Ed25519 key that signs checkpoints of the audit: a file beside the database, never in it. Made at the first
 * start, with its public part beside it.
 */
export function readOrCreateCheckpointKey(dataDirectory: string): CheckpointKey {
  const path = join(dataDirectory, KEY_FILE)
  const pem = readOrCreatePrivateFile(path, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch (cause) {
    throw new Error(`The key file ${path} is damaged: it has to hold an Ed25519 key as PEM. Restore it.`, {
      cause,
    })
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`The key file ${path} holds a key of type ${privateKey.asymmetricKeyType}, not Ed25519.`)
  }
  const publicKey = createPublicKey(pem)
  const publicKeyFile = join(dataDirectory, PUBLIC_KEY_FILE)
  readOrCreatePrivateFile(publicKeyFile, () => publicKey.export({ type: 'spki', format: 'pem' }).toString())
  return { privateKey, publicKey, publicKeyFile }
}

/** Every public key of a PEM text: one after the other where a key was replaced. */
export function parsePublicKeys(pem: string): KeyObject[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  return blocks.map((block) => createPublicKey(block))
}
