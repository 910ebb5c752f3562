import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDifference, type DifferenceLine } from './line-difference.ts'

/** Both texts again, from a difference. */
function textsOf(before: string, lines: readonly DifferenceLine[]): { before: string; after: string } {
  if (lines.length === 0) return { before, after: before }
  const source = before.split('\n')
  const old: string[] = []
  const fresh: string[] = []
  for (const { kind, text } of lines) {
    const shown = kind === 'gap' ? source.slice(old.length, old.length + Number(text)) : [text]
    if (kind !== 'added') old.push(...shown)
    if (kind !== 'removed') fresh.push(...shown)
  }
  return { before: old.join('\n'), after: fresh.join('\n') }
}

describe('the difference of two texts', () => {
  it('is empty for equal ones', () => {
    expect(lineDifference('a\nb', 'a\nb')).toEqual([])
  })

  it('gives both texts again', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
      .map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect(textsOf(before, lineDifference(before, after))).toEqual({ before, after })
      }),
    )
  })

  it('keeps lines that both have', () => {
    expect(lineDifference('a\nx\nb\ny\nc', 'a\nb\nz\nc')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'x' },
      { kind: 'same', text: 'b' },
      { kind: 'removed', text: 'y' },
      { kind: 'added', text: 'z' },
      { kind: 'same', text: 'c' },
    ])
  })

  it('shows a change too large to be matched as one block', () => {
    const lines = (word: string) => Array.from({ length: 1500 }, (_, index) => `${word} ${index}`).join('\n')
    const difference = lineDifference(lines('old'), lines('new'))
    expect(difference.map((line) => line.kind)).toEqual([
      ...Array.from({ length: 1500 }, () => 'removed'),
      ...Array.from({ length: 1500 }, () => 'added'),
    ])
  })
})
