import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds for which a code stands (RFC 6238, 4.1: the default that every authenticator app knows). */
const STEP_S = 30
const CODE_DIGITS = 6
/** Length of SHA-1's output, as RFC 4226 (4, R6) recommends. */
export const SECRET_BYTES = 20
/** Codes of so many steps before and after are taken too: clocks differ and people type slowly. */
const STEPS_AROUND = 1

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Number of the time step at an instant. */
export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / STEP_S)
}

/** The code of one time step (RFC 4226, 5.3). */
export function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7f_ff_ff_ff
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0')
}

/**
 * Which time step a code belongs to.
 * @param after only later steps count: a code is good once (RFC 6238, 5.2)
 * @returns undefined for a wrong, an old or a used code
 */
export function stepOfCode(secret: Buffer, code: string, nowMs: number, after: number): number | undefined {
  const given = Buffer.from(code)
  const now = stepAt(nowMs)
  for (let step = now - STEPS_AROUND; step <= now + STEPS_AROUND; step += 1) {
    const right = Buffer.from(codeOf(secret, step))
    if (step > after && given.length === right.length && timingSafeEqual(given, right)) return step
  }
  return undefined
}

/** RFC 4648 without padding, as authenticator apps take it. */
export function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32.charAt((value << (5 - bits)) & 31)
}

/** What the QR code says (Key URI format of Google Authenticator, understood by all apps). */
export function otpauthUri(issuer: string, account: string, secret: Buffer): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const parameters = new URLSearchParams({
    secret: base32(secret),
    issuer,
    algorithm: 'SHA1',
    digits: String(CODE_DIGITS),
    period: String(STEP_S),
  })
  return `otpauth://totp/${label}?${parameters.toString()}`
}
