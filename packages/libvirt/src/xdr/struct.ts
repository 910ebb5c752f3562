import { type Codec, type Infer, located } from './codec.ts'
import { XdrError } from './xdr-error.ts'
import type { XdrReader } from './xdr-reader.ts'
import type { XdrWriter } from './xdr-writer.ts'

/** Fields of a struct by name, in wire order. */
export type StructFields = Readonly<Record<string, Codec<unknown>>>

/** The object type of a struct made of `F`. */
export type StructOf<F extends StructFields> = { readonly [K in keyof F]: Infer<F[K]> }

/** No arguments, or no result. */
export type Empty = Readonly<Record<never, never>>

/** A struct, which can also be read into an object that has its first fields already. */
export interface StructCodec<T> extends Codec<T> {
  decodeInto<Head extends object>(reader: XdrReader, head: Head): Head & T
}

/** Fields one after the other, in the order in which they are written here. */
export function struct<const F extends StructFields>(fields: F): StructCodec<StructOf<F>> {
  const names = Object.keys(fields)
  const codecs = Object.values(fields)

  function decodeInto<Head extends object>(reader: XdrReader, head: Head): Head & StructOf<F> {
    const record: Record<string, unknown> = head as Record<string, unknown>
    let name = ''
    try {
      for (let i = 0; i < names.length; i++) {
        name = names[i] ?? ''
        record[name] = codecs[i]?.decode(reader)
      }
    } catch (error) {
      throw located(error, name)
    }
    // Every name of F has just been filled by the codec of that name.
    return record as Head & StructOf<F>
  }

  return {
    encode(writer: XdrWriter, value: StructOf<F>): void {
      if (typeof value !== 'object' || value === null) throw new XdrError('an object is expected')
      const record: Readonly<Record<string, unknown>> = value
      let name = ''
      try {
        for (let i = 0; i < names.length; i++) {
          name = names[i] ?? ''
          codecs[i]?.encode(writer, record[name])
        }
      } catch (error) {
        throw located(error, name)
      }
    },
    decode: (reader) => decodeInto(reader, {}),
    decodeInto,
  }
}

/** The codec of nothing; `isEmpty` lets a call leave its arguments out. */
export interface EmptyCodec extends Codec<Empty> {
  readonly isEmpty: true
}

/** A message without content. */
export const empty: EmptyCodec = {
  isEmpty: true,
  encode: () => undefined,
  decode: () => ({}),
}
