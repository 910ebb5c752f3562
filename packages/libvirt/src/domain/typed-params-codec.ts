import { type Codec, located } from '../xdr/codec.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import type { XdrReader } from '../xdr/xdr-reader.ts'
import type { XdrWriter } from '../xdr/xdr-writer.ts'
import { emptyShape, ParamShape, SHAPE_HEAD_BYTES_MAX, SHAPES_MAX } from './typed-param-shape.ts'
import { ParamStore, type TypedParam, TypedParams, TypedParamType } from './typed-params.ts'

/** Smallest parameter: an empty name, the type, a 4-byte value. */
const PARAM_BYTES_MIN = 12
const NO_HEAD = new Uint8Array()

/**
 * A counted list of typed parameters (`remote_typed_param`), at most `max`.
 * Statistics of 1,000 domains hold some 84,000 of them, which is why names are recognised by their bytes.
 */
export function typedParams(max: number): Codec<TypedParams> {
  let root = emptyShape()
  let remembered = 0

  function unexpected(reader: XdrReader, shape: ParamShape): ParamShape {
    const start = reader.offset
    const name = reader.string()
    const type = reader.i32()
    if (!isTypedParamType(type)) throw new XdrError(`${name}: ${type} is no type of a parameter (1 to 7)`)
    const known = shape.childFor(name, type)
    if (known !== undefined) {
      shape.expected = known
      return known
    }
    const size = reader.offset - start
    const mayRemember = remembered < SHAPES_MAX && size <= SHAPE_HEAD_BYTES_MAX
    if (!mayRemember) return shape.extend(name, type, NO_HEAD, false)
    remembered++
    return shape.extend(name, type, Uint8Array.prototype.slice.call(reader.bytes, start, reader.offset), true)
  }

  return {
    encode(writer, params) {
      if (!(params instanceof TypedParams))
        throw new XdrError('typed parameters are made with TypedParams.of([…])')
      if (params.size > max) throw new XdrError(`${params.size} parameters are more than the limit of ${max}`)
      writer.u32(params.size)
      for (const param of params.params()) encodeParam(writer, param)
    },
    decode(reader) {
      const count = reader.length(max, PARAM_BYTES_MIN)
      if (remembered >= SHAPES_MAX) {
        root = emptyShape()
        remembered = 0
      }
      const store = new ParamStore()
      let shape = root
      for (let i = 0; i < count; i++) {
        const expected = shape.expected
        if (expected !== null && startsWith(reader, expected.head)) {
          reader.offset += expected.head.length
          shape = expected
        } else {
          shape = unexpected(reader, shape)
        }
        decodeValue(reader, shape, store, i)
      }
      return new TypedParams(shape, store)
    },
  }
}

function startsWith(reader: XdrReader, head: Uint8Array): boolean {
  const { bytes, offset } = reader
  const length = head.length
  if (length > reader.end - offset) return false
  // From the end: neighbouring names differ in their last characters.
  for (let i = length - 1; i >= 0; i--) {
    if (bytes[offset + i] !== head[i]) return false
  }
  return true
}

function decodeValue(reader: XdrReader, shape: ParamShape, store: ParamStore, index: number): void {
  try {
    switch (shape.type) {
      case TypedParamType.ULLONG:
      case TypedParamType.LLONG:
        decodeLong(reader, shape.type, store, index)
        return
      case TypedParamType.INT:
        store.numbers[index] = reader.i32()
        return
      case TypedParamType.UINT:
        store.numbers[index] = reader.u32()
        return
      case TypedParamType.DOUBLE:
        store.numbers[index] = reader.f64()
        return
      case TypedParamType.BOOLEAN:
        store.numbers[index] = reader.bool() ? 1 : 0
        return
      case TypedParamType.STRING:
        store.put(index, reader.string())
        return
      case 0:
        throw new XdrError('a parameter without a type')
    }
  } catch (error) {
    throw located(error, shape.name)
  }
}

/** Upper words from which on a 64-bit number is no longer exact as a double (2^53 and above, or below -2^53). */
const HIGH_WORD_END = 0x20_0000

function decodeLong(reader: XdrReader, type: 3 | 4, store: ParamStore, index: number): void {
  reader.need(8)
  const high = reader.i32()
  if (high < HIGH_WORD_END && high >= (type === TypedParamType.LLONG ? -HIGH_WORD_END : 0)) {
    store.numbers[index] = high * 0x1_0000_0000 + reader.u32()
    return
  }
  reader.offset -= 4
  store.put(index, type === TypedParamType.LLONG ? reader.i64() : reader.u64())
}

function encodeParam(writer: XdrWriter, param: TypedParam): void {
  try {
    writer.string(param.field)
    writer.i32(param.type)
    switch (param.type) {
      case TypedParamType.INT:
        return writer.i32(param.value)
      case TypedParamType.UINT:
        return writer.u32(param.value)
      case TypedParamType.LLONG:
        return writer.i64(param.value)
      case TypedParamType.ULLONG:
        return writer.u64(param.value)
      case TypedParamType.DOUBLE:
        return writer.f64(param.value)
      case TypedParamType.BOOLEAN:
        return writer.bool(param.value)
      case TypedParamType.STRING:
        return writer.string(param.value)
    }
  } catch (error) {
    throw located(error, param.field)
  }
}

function isTypedParamType(type: number): type is TypedParamType {
  return type >= 1 && type <= 7
}
