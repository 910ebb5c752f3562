import { readShortAscii } from './short-text.ts'
import { XdrError } from './xdr-error.ts'

/** libvirt's REMOTE_STRING_MAX (remote_protocol.x): no string is longer than 4 MiB. */
export const STRING_BYTES_MAX = 4_194_304

const NO_BYTES = Buffer.alloc(0)
const NO_VIEW = new DataView(NO_BYTES.buffer, NO_BYTES.byteOffset, 0)

/**
 * Reads XDR items (RFC 4506) from a byte range. One reader is reused for many packets: `reset` costs next to nothing.
 * The range is only borrowed: everything returned is a copy, so that the caller may reuse the memory at once.
 */
export class XdrReader {
  /** The borrowed bytes; codecs written for speed may index them directly, within `offset` and `end`. */
  bytes: Buffer = NO_BYTES
  offset = 0
  end = 0
  #view: DataView = NO_VIEW

  /** Points the reader at `bytes[start, end)`. */
  reset(bytes: Buffer, start = 0, end = bytes.length): this {
    if (this.bytes.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer)
    this.bytes = bytes
    this.offset = start
    this.end = end
    return this
  }

  get remaining(): number {
    return this.end - this.offset
  }

  /** Makes sure that `size` more bytes are there. */
  need(size: number): void {
    if (size > this.end - this.offset) {
      throw new XdrError(`${size} more bytes expected, only ${this.end - this.offset} left`)
    }
  }

  i32(): number {
    this.need(4)
    const { bytes, offset } = this
    this.offset = offset + 4
    // In range by the check above; the `?? 0` branches never run and cost nothing.
    return (
      ((bytes[offset] ?? 0) << 24) |
      ((bytes[offset + 1] ?? 0) << 16) |
      ((bytes[offset + 2] ?? 0) << 8) |
      (bytes[offset + 3] ?? 0)
    )
  }

  u32(): number {
    return this.i32() >>> 0
  }

  i64(): bigint {
    this.need(8)
    const value = this.#view.getBigInt64(this.bytes.byteOffset + this.offset)
    this.offset += 8
    return value
  }

  u64(): bigint {
    this.need(8)
    const value = this.#view.getBigUint64(this.bytes.byteOffset + this.offset)
    this.offset += 8
    return value
  }

  f64(): number {
    this.need(8)
    const value = this.#view.getFloat64(this.bytes.byteOffset + this.offset)
    this.offset += 8
    return value
  }

  /** A word that may only be 0 or 1. */
  bool(): boolean {
    const word = this.u32()
    if (word > 1) throw new XdrError(`a boolean word is 0 or 1, not ${word}`)
    return word === 1
  }

  /** The length word of a counted item, checked against its limit and the bytes that are there. */
  length(max: number, bytesPerItem: number): number {
    const length = this.u32()
    if (length > max) throw new XdrError(`length ${length} is above the limit of ${max}`)
    if (length * bytesPerItem > this.remaining) {
      throw new XdrError(`length ${length} needs more than the ${this.remaining} bytes left`)
    }
    return length
  }

  /** Length-prefixed bytes, copied. */
  opaque(max: number): Uint8Array<ArrayBuffer> {
    const length = this.length(max, 1)
    return this.fixed(length)
  }

  /** A fixed number of bytes without a length word, copied. */
  fixed(length: number): Uint8Array<ArrayBuffer> {
    this.need(length)
    const start = this.offset
    const copy = new Uint8Array(length)
    copy.set(this.bytes.subarray(start, start + length))
    this.offset = start + length
    this.#padding(length)
    return copy
  }

  /**
   * A length-prefixed text. Bytes that are no UTF-8 become U+FFFD: text from inside a guest must not be able to
   * end the host's connection.
   */
  string(max = STRING_BYTES_MAX): string {
    const length = this.length(max, 1)
    const start = this.offset
    const text =
      readShortAscii(this.bytes, start, length) ?? this.bytes.toString('utf8', start, start + length)
    this.offset = start + length
    this.#padding(length)
    return text
  }

  /** Everything must have been read: libvirt never appends to an existing message. */
  finish(): void {
    if (this.offset !== this.end) throw new XdrError(`${this.end - this.offset} bytes left over`)
  }

  #padding(length: number): void {
    const rest = length & 3
    if (rest === 0) return
    const size = 4 - rest
    this.need(size)
    const { bytes, offset } = this
    for (let i = 0; i < size; i++) {
      if (bytes[offset + i] !== 0) throw new XdrError('padding must be zero')
    }
    this.offset = offset + size
  }
}
