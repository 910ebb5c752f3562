import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ gone: undefined, kept: 0 }, '{"kept":0}'],
    [[undefined], '[null]'],
    [{ 'ü"': '\n' }, '{"ü\\"":"\\n"}'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('spells %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('means the same as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      }),
    )
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [1n], [() => 1], [Symbol('x')]])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(TypeError)
    },
  )
})
