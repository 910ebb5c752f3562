import { describe, expect, it } from 'vitest'
import { XdrReader } from '../xdr/xdr-reader.ts'
import { XdrWriter } from '../xdr/xdr-writer.ts'
import { cpuMapOf, cpusOfMap, splitCpuMaps } from './cpu-map.ts'
import { type TypedParam, TypedParams, TypedParamType } from './typed-params.ts'
import { typedParams } from './typed-params-codec.ts'
import { canonicalUuid, formatUuid, parseUuid } from './uuid.ts'
import { formatVcpuList, parseVcpuList } from './vcpu-list.ts'

describe('UUIDs', () => {
  const canonical = '27fe1c41-4d1a-4ab0-a08e-fd318a488aab'

  it.each([canonical, canonical.toUpperCase(), canonical.replaceAll('-', ''), ` ${canonical} `])(
    '%j is read as the same one',
    (text) => {
      expect(formatUuid(parseUuid(text))).toBe(canonical)
      expect(canonicalUuid(text)).toBe(canonical)
    },
  )

  it.each([
    '',
    'x',
    canonical.slice(1),
    `${canonical}0`,
    canonical.replace('2', 'g'),
    canonical.replace('-', 'a'),
  ])('%j is none', (text) => {
    expect(() => parseUuid(text)).toThrow(/is not a UUID/)
    expect(canonicalUuid(text)).toBeNull()
  })
})

describe('lists of vCPUs', () => {
  it.each([
    ['', []],
    ['3', [3]],
    ['0-3,6,8-9', [0, 1, 2, 3, 6, 8, 9]],
    ['0-7,^3', [0, 1, 2, 4, 5, 6, 7]],
    ['^3,0-3', [0, 1, 2, 3]],
    [' 1 , 2', [1, 2]],
  ])('%j holds %j', (text, ids) => {
    expect(parseVcpuList(text)).toEqual(ids)
  })

  it.each(['a', '1-', '-1', '3-1', '1,,2', '99999', '1.5', '^1-2'])('%j is no list', (text) => {
    expect(() => parseVcpuList(text)).toThrow(RangeError)
  })

  it.each([
    [[], ''],
    [[5], '5'],
    [[7, 6, 1, 6], '1,6-7'],
    [[0, 1, 2, 4], '0-2,4'],
  ])('%j is written as %j', (ids, text) => {
    expect(formatVcpuList(ids)).toBe(text)
  })

  it.each([[-1], [1.5], [16_384]])('%s is no vCPU', (id) => {
    expect(() => formatVcpuList([id])).toThrow(RangeError)
  })
})

describe('CPU maps', () => {
  it('have the lowest CPU in the lowest bit of the first byte', () => {
    expect([...cpuMapOf([0, 1, 8])]).toEqual([3, 1])
    expect(cpusOfMap(Uint8Array.of(3, 1))).toEqual([0, 1, 8])
  })

  it('are as long as asked for and come apart again', () => {
    const maps = Uint8Array.of(...cpuMapOf([1], 2), ...cpuMapOf([9], 2))
    expect(splitCpuMaps(maps, 2).map(cpusOfMap)).toEqual([[1], [9]])
    expect(splitCpuMaps(maps, 0)).toEqual([])
  })

  it.each([-1, 0.5, 16_384])('%s is no CPU', (cpu) => {
    expect(() => cpuMapOf([cpu])).toThrow(RangeError)
  })
})

describe('typed parameters', () => {
  const all = TypedParams.of([
    { field: 'i', type: TypedParamType.INT, value: -1 },
    { field: 'u', type: TypedParamType.UINT, value: 4_294_967_295 },
    { field: 'l', type: TypedParamType.LLONG, value: -(2n ** 63n) },
    { field: 'ul', type: TypedParamType.ULLONG, value: 2n ** 64n - 1n },
    { field: 'd', type: TypedParamType.DOUBLE, value: 0.25 },
    { field: 'b', type: TypedParamType.BOOLEAN, value: true },
    { field: 's', type: TypedParamType.STRING, value: '0-3' },
  ])
  const codec = typedParams(100)
  const bytesOf = (params: TypedParams): Buffer => {
    const writer = new XdrWriter()
    codec.encode(writer, params)
    return writer.take()
  }
  const read = (bytes: Buffer): TypedParams => codec.decode(new XdrReader().reset(bytes))

  it('keep every type and value', () => {
    const again = read(bytesOf(all))
    expect([...again.params()]).toEqual([...all.params()])
    expect([again.number('i'), again.bigint('ul'), again.string('s')]).toEqual([-1, 2n ** 64n - 1n, '0-3'])
    expect(again.typeOf('b')).toBe(TypedParamType.BOOLEAN)
    expect(again.has('x')).toBe(false)
    expect(JSON.parse(JSON.stringify(again))).toMatchObject({ l: '-9223372036854775808', b: true })
  })

  it.each([
    0n,
    1n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
  ])('keep %s and its negative exactly', (value) => {
    const longs = [value, -value, -value - 1n].map((each, i): TypedParam => ({
      field: `l${i}`,
      type: TypedParamType.LLONG,
      value: each,
    }))
    const params = TypedParams.of([...longs, { field: 'u', type: TypedParamType.ULLONG, value: value * 2n }])
    expect([...read(bytesOf(params)).values()]).toEqual([value, -value, -value - 1n, value * 2n])
    expect([...params.values()]).toEqual([value, -value, -value - 1n, value * 2n])
  })

  it('are read right when lists begin alike and go on differently', () => {
    const list = (...names: string[]) =>
      TypedParams.of(names.map((field, value) => ({ field, type: TypedParamType.INT, value })))
    const lists = [
      list('a', 'b', 'c'),
      list('a', 'b', 'd'),
      list('a'),
      list('a', 'b', 'c', 'e'),
      list(),
      list('b'),
    ]
    for (const params of [...lists, ...lists]) {
      expect(read(bytesOf(params)).toObject()).toEqual(params.toObject())
    }
  })

  it('tell the same name with another type apart', () => {
    const asInt = TypedParams.of([{ field: 'x', type: TypedParamType.INT, value: 1 }])
    const asText = TypedParams.of([{ field: 'x', type: TypedParamType.STRING, value: '1' }])
    for (const params of [asInt, asText, asInt]) expect(read(bytesOf(params)).get('x')).toBe(params.get('x'))
  })

  it('refuse to be read as another type than they have', () => {
    expect(() => all.number('s')).toThrow(/s is a string, not a number/)
    expect(() => all.bigint('i')).toThrow(/not a bigint/)
    expect(() => all.string('b')).toThrow(/not a string/)
  })

  it('of an unknown type are refused', () => {
    const bytes = bytesOf(TypedParams.of([{ field: 'x', type: TypedParamType.INT, value: 1 }]))
    bytes.writeUInt32BE(8, 12)
    expect(() => read(bytes)).toThrow('x: 8 is no type of a parameter (1 to 7)')
  })
})
