import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsPattern } from './name-pattern.ts'

const TABLE: readonly (readonly [pattern: string, name: string, fits: boolean])[] = [
  ['web-*', 'web-1', true],
  ['web-*', 'web-', true],
  ['web-*', 'db-1', false],
  ['web-*', 'my-web-1', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['?', 'ä', true],
  ['?', '😀', true],
  ['web-?', 'web-12', false],
  ['*-prod-*', 'db-prod-1', true],
  ['*-prod-*', 'db-prod', false],
  ['*aab', 'aaaab', true],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZd', false],
  ['Web-*', 'web-1', false],
  ['web.1', 'webx1', false],
  ['[a-z]*', 'web', false],
  ['web-1\n*', 'web-1', false],
]

describe('a pattern of names', () => {
  it.each(TABLE)('%j and %j: %s', (pattern, name, fits) => {
    expect(fitsPattern(pattern, name)).toBe(fits)
  })

  it('agrees with a regular expression', () => {
    const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters.split('')), maxLength: 8 })
    fc.assert(
      fc.property(text('ab*?'), text('ab'), (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(fitsPattern(pattern, name)).toBe(expression.test(name))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is judged soon also where a regular expression would not be', () => {
    expect(fitsPattern(`${'*a'.repeat(100)}b`, 'a'.repeat(10_000))).toBe(false)
  })
})
