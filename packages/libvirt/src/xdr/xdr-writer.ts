import { isShortAscii, writeAscii } from './short-text.ts'
import { XdrError } from './xdr-error.ts'
import { STRING_BYTES_MAX } from './xdr-reader.ts'

const INITIAL_BYTES = 4096
const I32_MIN = -0x8000_0000
const I32_MAX = 0x7fff_ffff
const U32_MAX = 0xffff_ffff
const I64_MIN = -(2n ** 63n)
const I64_MAX = 2n ** 63n - 1n
const U64_MAX = 2n ** 64n - 1n

/** Writes XDR items (RFC 4506) into a buffer that grows and is reused; `take` copies the result out. */
export class XdrWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Starts over; what was written before is gone. */
  clear(): this {
    this.#length = 0
    return this
  }

  /** A copy of what was written, safe to hand to a socket. */
  take(): Buffer {
    const out = Buffer.allocUnsafe(this.#length)
    this.#bytes.copy(out, 0, 0, this.#length)
    return out
  }

  i32(value: number): void {
    if (!Number.isInteger(value) || value < I32_MIN || value > I32_MAX) {
      throw new XdrError(`${describe(value)} is not a 32-bit integer`)
    }
    const at = this.#reserve(4)
    this.#view.setInt32(at, value)
  }

  u32(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > U32_MAX) {
      throw new XdrError(`${describe(value)} is not an unsigned 32-bit integer`)
    }
    const at = this.#reserve(4)
    this.#view.setUint32(at, value)
  }

  /** Overwrites an unsigned word written before, such as a length known only at the end. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value)
  }

  i64(value: bigint): void {
    if (typeof value !== 'bigint' || value < I64_MIN || value > I64_MAX) {
      throw new XdrError(`${describe(value)} is not a 64-bit integer (a bigint)`)
    }
    const at = this.#reserve(8)
    this.#view.setBigInt64(at, value)
  }

  u64(value: bigint): void {
    if (typeof value !== 'bigint' || value < 0n || value > U64_MAX) {
      throw new XdrError(`${describe(value)} is not an unsigned 64-bit integer (a bigint)`)
    }
    const at = this.#reserve(8)
    this.#view.setBigUint64(at, value)
  }

  f64(value: number): void {
    if (typeof value !== 'number') throw new XdrError(`${describe(value)} is not a number`)
    const at = this.#reserve(8)
    this.#view.setFloat64(at, value)
  }

  bool(value: boolean): void {
    if (typeof value !== 'boolean') throw new XdrError(`${describe(value)} is not a boolean`)
    this.u32(value ? 1 : 0)
  }

  /** Length-prefixed bytes. */
  opaque(value: Uint8Array, max: number): void {
    if (!(value instanceof Uint8Array)) throw new XdrError(`${describe(value)} is not a Uint8Array`)
    if (value.length > max) throw new XdrError(`${value.length} bytes are more than the limit of ${max}`)
    this.u32(value.length)
    this.fixed(value)
  }

  /** Bytes without a length word. */
  fixed(value: Uint8Array): void {
    const padded = (value.length + 3) & ~3
    const at = this.#reserve(padded)
    this.#bytes.set(value, at)
    this.#pad(at + value.length, at + padded)
  }

  /** A length-prefixed UTF-8 text. A NUL inside is refused: libvirt would cut the text there. */
  string(value: string, max = STRING_BYTES_MAX): void {
    if (typeof value !== 'string') throw new XdrError(`${describe(value)} is not a string`)
    const short = isShortAscii(value)
    if (!short && value.includes('\0'))
      throw new XdrError('a text for libvirt may not contain a NUL character')
    const length = short ? value.length : Buffer.byteLength(value)
    if (length > max) throw new XdrError(`a text of ${length} bytes is above the limit of ${max}`)
    this.u32(length)
    const padded = (length + 3) & ~3
    const at = this.#reserve(padded)
    if (short) writeAscii(this.#bytes, at, value)
    else this.#bytes.write(value, at, length, 'utf8')
    this.#pad(at + length, at + padded)
  }

  #pad(start: number, end: number): void {
    for (let at = start; at < end; at++) this.#bytes[at] = 0
  }

  #reserve(size: number): number {
    const at = this.#length
    const needed = at + size
    if (needed > this.#bytes.length) this.#grow(needed)
    this.#length = needed
    return at
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value)
  }
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
