import { PACKET_BYTES_MAX, PACKET_HEADER_BYTES } from './packet.ts'

/** First memory for a packet that comes in pieces; it grows with what really arrives, not with what was announced. */
const FIRST_PIECE_BYTES = 262_144

/** Takes one whole packet in `bytes[start, end)`; the memory is only lent until it returns. */
export type PacketSink = (bytes: Buffer, start: number, end: number) => void

/** The length word of a packet is impossible. There is no way to find the next packet after that. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
}

/**
 * Cuts a stream of bytes into packets, whatever the size of the pieces. A packet that lies in one piece is not copied;
 * one that does not is copied once.
 */
export class PacketReader {
  readonly #sink: PacketSink
  readonly #maxPacketBytes: number
  #partial: Buffer = Buffer.allocUnsafe(0)
  #partialLength = 0
  /** Length of the packet being put together; 0 while its length word is not complete. */
  #expected = 0

  constructor(sink: PacketSink, maxPacketBytes = PACKET_BYTES_MAX) {
    this.#sink = sink
    this.#maxPacketBytes = maxPacketBytes
  }

  /** Bytes of an unfinished packet that are waiting for their rest. */
  get pendingBytes(): number {
    return this.#partialLength
  }

  /** Takes `bytes[start, end)`; calls the sink for each packet that is complete. Throws FramingError. */
  push(bytes: Buffer, start = 0, end = bytes.length): void {
    let at = start
    if (this.#partialLength > 0) at = this.#fill(bytes, at, end)
    while (end - at >= 4 && this.#partialLength === 0) {
      const length = this.#checked(bytes.readUInt32BE(at))
      if (end - at < length) break
      const packetEnd = at + length
      this.#sink(bytes, at, packetEnd)
      at = packetEnd
    }
    if (at < end) this.#keep(bytes, at, end)
  }

  /** Adds to the unfinished packet; returns where the rest of the piece begins. */
  #fill(bytes: Buffer, start: number, end: number): number {
    let at = start
    if (this.#expected === 0) {
      const take = Math.min(4 - this.#partialLength, end - at)
      this.#append(bytes, at, at + take)
      at += take
      if (this.#partialLength < 4) return at
      this.#expected = this.#checked(this.#partial.readUInt32BE(0))
    }
    const take = Math.min(this.#expected - this.#partialLength, end - at)
    this.#append(bytes, at, at + take)
    at += take
    if (this.#partialLength === this.#expected) {
      const whole = this.#partial
      const length = this.#expected
      // Forget the packet before the sink runs: it may throw, and what follows must not be read twice.
      this.#partial = Buffer.allocUnsafe(0)
      this.#partialLength = 0
      this.#expected = 0
      this.#sink(whole, 0, length)
    }
    return at
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#expected = end - start >= 4 ? this.#checked(bytes.readUInt32BE(start)) : 0
    this.#append(bytes, start, end)
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const needed = this.#partialLength + (end - start)
    if (needed > this.#partial.length) {
      const step = Math.max(FIRST_PIECE_BYTES, this.#partial.length * 4)
      const size = Math.max(needed, Math.min(this.#expected, step))
      const larger = Buffer.allocUnsafeSlow(size)
      this.#partial.copy(larger, 0, 0, this.#partialLength)
      this.#partial = larger
    }
    bytes.copy(this.#partial, this.#partialLength, start, end)
    this.#partialLength = needed
  }

  #checked(length: number): number {
    if (length < PACKET_HEADER_BYTES || length > this.#maxPacketBytes) {
      throw new FramingError(
        `a packet of ${length} bytes was announced; ${PACKET_HEADER_BYTES} to ${this.#maxPacketBytes} are possible`,
      )
    }
    return length
  }
}
