import { XdrError } from './xdr-error.ts'
import { STRING_BYTES_MAX, type XdrReader } from './xdr-reader.ts'
import type { XdrWriter } from './xdr-writer.ts'

/** One XDR type in both directions. A codec has no state that could differ between two connections. */
export interface Codec<T> {
  encode(writer: XdrWriter, value: T): void
  decode(reader: XdrReader): T
}

/** The TypeScript type that a codec reads and writes. */
export type Infer<C> = C extends Codec<infer T> ? T : never

/** Signed 32-bit integer. */
export const i32: Codec<number> = {
  encode: (writer, value) => writer.i32(value),
  decode: (reader) => reader.i32(),
}

/** Unsigned 32-bit integer. */
export const u32: Codec<number> = {
  encode: (writer, value) => writer.u32(value),
  decode: (reader) => reader.u32(),
}

/** Signed 64-bit integer. */
export const i64: Codec<bigint> = {
  encode: (writer, value) => writer.i64(value),
  decode: (reader) => reader.i64(),
}

/** Unsigned 64-bit integer. */
export const u64: Codec<bigint> = {
  encode: (writer, value) => writer.u64(value),
  decode: (reader) => reader.u64(),
}

/** Double precision number. */
export const f64: Codec<number> = {
  encode: (writer, value) => writer.f64(value),
  decode: (reader) => reader.f64(),
}

/** A 0/1 word as a boolean. */
export const bool: Codec<boolean> = {
  encode: (writer, value) => writer.bool(value),
  decode: (reader) => reader.bool(),
}

/** Text of at most 4 MiB (REMOTE_STRING_MAX). */
export const str: Codec<string> = {
  encode: (writer, value) => writer.string(value, STRING_BYTES_MAX),
  decode: (reader) => reader.string(STRING_BYTES_MAX),
}

/** Length-prefixed bytes, at most `max`. */
export function bytes(max: number): Codec<Uint8Array<ArrayBuffer>> {
  return {
    encode: (writer, value) => writer.opaque(value, max),
    decode: (reader) => reader.opaque(max),
  }
}

/** A value that may be absent; `null` stands for absent. */
export function opt<T>(item: Codec<T>): Codec<T | null> {
  return {
    encode(writer, value) {
      if (value === null) {
        writer.bool(false)
        return
      }
      writer.bool(true)
      item.encode(writer, value)
    },
    decode: (reader) => (reader.bool() ? item.decode(reader) : null),
  }
}

/** A counted list of at most `max` items. */
export function list<T>(item: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    encode(writer, values) {
      if (!Array.isArray(values)) throw new XdrError('a list must be an array')
      if (values.length > max) throw new XdrError(`${values.length} items are more than the limit of ${max}`)
      writer.u32(values.length)
      for (let i = 0; i < values.length; i++) {
        try {
          item.encode(writer, values[i] as T)
        } catch (error) {
          throw located(error, `[${i}]`)
        }
      }
    },
    decode(reader) {
      // Every XDR item takes four bytes at least, so a lying count is found before anything is allocated.
      const count = reader.length(max, 4)
      const values: T[] = []
      let i = 0
      try {
        for (; i < count; i++) values.push(item.decode(reader))
      } catch (error) {
        throw located(error, `[${i}]`)
      }
      return values
    },
  }
}

/** Text in an array of exactly `length` words, one character each, that ends at the first zero (`char model[32]`). */
export function fixedCharWords(length: number): Codec<string> {
  return {
    encode(writer, value) {
      const raw = Buffer.from(value, 'latin1')
      if (raw.length >= length)
        throw new XdrError(`a text of ${raw.length} bytes does not fit into ${length} with its end`)
      for (let i = 0; i < length; i++) writer.i32(signed(raw[i] ?? 0))
    },
    decode(reader) {
      let text = ''
      let ended = false
      for (let i = 0; i < length; i++) {
        const word = reader.i32()
        if (word < -128 || word > 127) throw new XdrError(`${word} is no character`)
        if (word === 0) ended = true
        else if (!ended) text += String.fromCharCode(word & 0xff)
      }
      return text
    },
  }
}

/** Bytes sent as one signed word each, with a count (`char data<>`, used by SASL). */
export function charWords(max: number): Codec<Uint8Array> {
  return {
    encode(writer, value) {
      if (value.length > max) throw new XdrError(`${value.length} bytes are more than the limit of ${max}`)
      writer.u32(value.length)
      for (const byte of value) writer.i32(signed(byte))
    },
    decode(reader) {
      const count = reader.length(max, 4)
      const value = new Uint8Array(count)
      for (let i = 0; i < count; i++) {
        const word = reader.i32()
        if (word < -128 || word > 127) throw new XdrError(`${word} is no character`)
        value[i] = word & 0xff
      }
      return value
    },
  }
}

/** Adds the place to an XDR error on its way out; everything else passes unchanged. */
export function located(error: unknown, field: string): unknown {
  return error instanceof XdrError ? error.inside(field) : error
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte
}
