import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { ConnectionError } from '../errors/connection-error.ts'

/** RFC 7677 asks for at least 4096 rounds; fewer would make a stolen exchange cheap to guess from. */
const SCRAM_ITERATIONS_MIN = 4096
/** More rounds than this are an attack on our CPU, not on the password. */
const SCRAM_ITERATIONS_MAX = 1_000_000
const NONCE_BYTES = 24

const derive = promisify(pbkdf2)

/** Mechanism names with the hash that each uses, best first. */
export const SCRAM_HASHES = { 'SCRAM-SHA-512': 'sha512', 'SCRAM-SHA-256': 'sha256' } as const
export type ScramMechanism = keyof typeof SCRAM_HASHES

/**
 * The client's side of SCRAM (RFC 5802) without channel binding: the password never travels, and the server must prove
 * that it knows it too. `nonce` is chance from outside, for tests.
 */
export class ScramClient {
  readonly #hash: string
  readonly #password: string
  readonly #nonce: string
  readonly #firstBare: string
  #serverSignature: Buffer | null = null

  constructor(
    mechanism: ScramMechanism,
    username: string,
    password: string,
    nonce = randomBytes(NONCE_BYTES).toString('base64'),
  ) {
    this.#hash = SCRAM_HASHES[mechanism]
    this.#password = password.normalize('NFKC')
    this.#nonce = nonce
    const name = username.normalize('NFKC').replaceAll('=', '=3D').replaceAll(',', '=2C')
    this.#firstBare = `n=${name},r=${nonce}`
  }

  /** The first message. */
  start(): string {
    return `n,,${this.#firstBare}`
  }

  /** Answers the server's challenge. Throws ConnectionError of kind `auth` when it is not to be trusted. */
  async respond(serverFirst: string): Promise<string> {
    const attributes = parseAttributes(serverFirst)
    const nonce = attributes.get('r') ?? ''
    const salt = Buffer.from(attributes.get('s') ?? '', 'base64')
    const iterations = Number(attributes.get('i'))
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw scramError('the daemon did not continue our nonce')
    }
    if (salt.length === 0) throw scramError('the daemon sent no salt')
    if (
      !Number.isInteger(iterations) ||
      iterations < SCRAM_ITERATIONS_MIN ||
      iterations > SCRAM_ITERATIONS_MAX
    ) {
      throw scramError(
        `the daemon asks for ${attributes.get('i') ?? 'no number of'} rounds; ` +
          `${SCRAM_ITERATIONS_MIN} to ${SCRAM_ITERATIONS_MAX} are accepted`,
      )
    }
    const length = createHash(this.#hash).digest().length
    const salted = await derive(this.#password, salt, iterations, length, this.#hash)
    const clientKey = this.#hmac(salted, 'Client Key')
    const storedKey = createHash(this.#hash).update(clientKey).digest()
    const withoutProof = `c=biws,r=${nonce}`
    const authMessage = `${this.#firstBare},${serverFirst},${withoutProof}`
    const signature = this.#hmac(storedKey, authMessage)
    const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))
    this.#serverSignature = this.#hmac(this.#hmac(salted, 'Server Key'), authMessage)
    return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
  }

  /** Checks the server's proof. Throws ConnectionError of kind `auth`. */
  finish(serverFinal: string): void {
    const attributes = parseAttributes(serverFinal)
    const refusal = attributes.get('e')
    if (refusal !== undefined) throw scramError(`the daemon refused: ${refusal}`)
    const given = Buffer.from(attributes.get('v') ?? '', 'base64')
    const expected = this.#serverSignature
    if (expected === null || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw scramError('the daemon could not prove that it knows the password')
    }
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest()
  }
}

function parseAttributes(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}

function scramError(why: string): ConnectionError {
  return new ConnectionError('auth', `SCRAM: ${why}`)
}
