import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A key with the name under which what it sealed is found again. */
export interface SealingKey {
  readonly id: string
  readonly key: Buffer
}

/** Something sealed cannot be opened: another key, another purpose, or changed bytes. */
export class UnreadableSecretError extends Error {
  override readonly name = 'UnreadableSecretError'
}

/** Keeps texts secret and whole where others may read or write them. */
export interface SecretBox {
  /** @param purpose what it is for, e.g. `host:ID`; it opens for the same purpose only, so that nothing can be swapped */
  seal(text: string, purpose: string): string
  /** @throws UnreadableSecretError */
  open(sealed: string, purpose: string): string
}

/** AES-256-GCM with a fresh nonce; the purpose is authenticated with it. Form: `KEY-ID.base64url(nonce, tag, text)`. */
export function sealWith({ id, key }: SealingKey, text: string, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(purpose, 'utf8'))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** @throws UnreadableSecretError */
export function openWith({ key }: SealingKey, sealed: string, purpose: string): string {
  const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64url')
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(purpose, 'utf8'))
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    return text.toString('utf8')
  } catch (cause) {
    throw new UnreadableSecretError('A sealed text cannot be opened: it was changed, or belongs elsewhere.', {
      cause,
    })
  }
}

/** @returns id of the key that sealed it */
export function keyIdOf(sealed: string): string {
  return sealed.slice(0, Math.max(0, sealed.indexOf('.')))
}

/** A box with one key, made from another secret: for what lives for minutes, such as cookies. */
export function derivedSecretBox(secret: string, use: string): SecretBox {
  const key: SealingKey = { id: 'd', key: Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES)) }
  return {
    seal: (text, purpose) => sealWith(key, text, purpose),
    open: (sealed, purpose) => openWith(key, sealed, purpose),
  }
}
