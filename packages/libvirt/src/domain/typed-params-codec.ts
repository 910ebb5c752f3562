import { type Codec, located } from '../xdr/codec.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import type { XdrReader } from '../xdr/xdr-reader.ts'
import type { XdrWriter } from '../xdr/xdr-writer.ts'
import { emptyShape, ParamShape, SHAPE_HEAD_BYTES_MAX, SHAPES_MAX } from './typed-param-shape.ts'
import { type TypedParam, TypedParams, TypedParamType, type TypedParamValue } from './typed-params.ts'

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
      // The count is checked against the bytes that are there, so it may be trusted with memory.
      const values: TypedParamValue[] = []
      values.length = count
      let shape = root
      for (let i = 0; i < count; i++) {
        const expected = shape.expected
        if (expected !== null && startsWith(reader, expected.head)) {
          reader.offset += expected.head.length
          shape = expected
        } else {
          shape = unexpected(reader, shape)
        }
        values[i] = decodeValue(reader, shape)
      }
      return new TypedParams(shape, values)
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

function decodeValue(reader: XdrReader, shape: ParamShape): TypedParamValue {
  try {
    switch (shape.type) {
      case TypedParamType.ULLONG:
        return reader.u64()
      case TypedParamType.INT:
        return reader.i32()
      case TypedParamType.UINT:
        return reader.u32()
      case TypedParamType.LLONG:
        return reader.i64()
      case TypedParamType.DOUBLE:
        return reader.f64()
      case TypedParamType.BOOLEAN:
        return reader.bool()
      case TypedParamType.STRING:
        return reader.string()
      case 0:
        throw new XdrError('a parameter without a type')
    }
  } catch (error) {
    throw located(error, shape.name)
  }
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
