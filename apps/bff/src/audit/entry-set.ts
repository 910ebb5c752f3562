/** Entries of the audit are searched in blocks of this many: small enough to read one whole, large enough to skip. */
export const BLOCK_ENTRIES = 4_096

const BITMAP_BYTES = BLOCK_ENTRIES / 8

/** Position of an entry's block; ids count from 1. */
export const blockOf = (id: number): number => Math.floor((id - 1) / BLOCK_ENTRIES)

/** Id of the first entry of a block. */
export const firstIdOf = (block: number): number => block * BLOCK_ENTRIES + 1

/** Some of the entries of one block, as a bitmap of offsets. */
export class EntrySet {
  readonly #bits: Uint8Array

  private constructor(bits: Uint8Array) {
    this.#bits = bits
  }

  static empty(): EntrySet {
    return new EntrySet(new Uint8Array(BITMAP_BYTES))
  }

  static whole(): EntrySet {
    return new EntrySet(new Uint8Array(BITMAP_BYTES).fill(0xff))
  }

  /** @param offsets positions in the block, from 0 */
  static of(offsets: Iterable<number>): EntrySet {
    const set = EntrySet.empty()
    for (const offset of offsets) set.add(offset)
    return set
  }

  add(offset: number): void {
    this.#bits[offset >> 3] = (this.#bits[offset >> 3] ?? 0) | (1 << (offset & 7))
  }

  /** Keeps what is in both. */
  intersect(other: EntrySet): void {
    for (let at = 0; at < BITMAP_BYTES; at += 1)
      this.#bits[at] = (this.#bits[at] ?? 0) & (other.#bits[at] ?? 0)
  }

  unite(other: EntrySet): void {
    for (let at = 0; at < BITMAP_BYTES; at += 1)
      this.#bits[at] = (this.#bits[at] ?? 0) | (other.#bits[at] ?? 0)
  }

  isEmpty(): boolean {
    return this.#bits.every((byte) => byte === 0)
  }

  /** Offsets, rising. */
  offsets(): number[] {
    const found: number[] = []
    for (let at = 0; at < BITMAP_BYTES; at += 1) {
      for (let bits = this.#bits[at] ?? 0; bits !== 0; bits &= bits - 1) {
        found.push(at * 8 + (31 - Math.clz32(bits & -bits)))
      }
    }
    return found
  }

  /** Two bytes an entry while that is shorter than the bitmap, which has a length of its own. */
  encode(): Uint8Array {
    const offsets = this.offsets()
    if (offsets.length * 2 >= BITMAP_BYTES) return this.#bits
    const bytes = new Uint8Array(offsets.length * 2)
    offsets.forEach((offset, index) => {
      bytes[index * 2] = offset & 0xff
      bytes[index * 2 + 1] = offset >> 8
    })
    return bytes
  }

  static decode(bytes: Uint8Array): EntrySet {
    if (bytes.length === BITMAP_BYTES) return new EntrySet(Uint8Array.from(bytes))
    const set = EntrySet.empty()
    for (let index = 0; index + 1 < bytes.length; index += 2) {
      set.add(((bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8)) % BLOCK_ENTRIES)
    }
    return set
  }
}
