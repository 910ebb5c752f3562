import { createHmac } from 'node:crypto'

const STEP_MS = 30_000
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function bytesOf(key: string): Buffer {
  const bits = Array.from(key, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The app on a person's phone (RFC 6238 with SHA-1, six digits, 30 s). */
export class Authenticator {
  readonly #key: Buffer
  #lastStep = 0

  /** @param key in base32, as the page shows it */
  constructor(key: string) {
    this.#key = bytesOf(key)
  }

  /** The code of now; of the next 30 s where this one was given already, because a code is good once. */
  code(): string {
    this.#lastStep = Math.max(Math.floor(Date.now() / STEP_MS), this.#lastStep + 1)
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(this.#lastStep))
    const digest = createHmac('sha1', this.#key).update(counter).digest()
    const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0x0f) & 0x7f_ff_ff_ff
    return String(number % 1_000_000).padStart(6, '0')
  }
}
