import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from './name-order.ts'

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

describe('the order of names', () => {
  it.each([
    [
      ['web-10', 'web-9', 'web-1'],
      ['web-1', 'web-9', 'web-10'],
    ],
    [
      ['Web-2', 'web-1', 'WEB-3'],
      ['web-1', 'Web-2', 'WEB-3'],
    ],
    [
      ['web-2', 'web', 'web-02b'],
      ['web', 'web-2', 'web-02b'],
    ],
    [
      ['zoë', 'zoe2', 'zob', 'über'],
      ['über', 'zob', 'zoë', 'zoe2'],
    ],
  ])('of %j is %j', (names, sorted) => {
    expect(names.toSorted(compareNames)).toEqual(sorted)
  })

  // Letters, digits and signs that are likely to meet, among them ones that the collator overlooks or joins.
  const sign = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'aAbBzZ0019-_. '.split('')) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('é', 'e\u0301', '\u0301', 'ß', '٢', '漢', '\u0000', '\t', '\u00ad'),
    },
  )
  const name = fc.array(sign, { maxLength: 7 }).map((signs) => signs.join(''))

  it('is that of the collator, whatever the names', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Math.sign(collator.compare(a, b)))
      }),
      { numRuns: 3000 },
    )
  })
})
