import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32

/**
 * A secret that cannot be guessed.
 * @param prefix tells people and secret scanners what it is, e.g. `cst_`
 */
export function randomSecret(prefix = ''): string {
  return prefix + randomBytes(SECRET_BYTES).toString('base64url')
}

/** What is stored of such a secret. Plain SHA-256 is enough: 256 random bits cannot be tried out. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
