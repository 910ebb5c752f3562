import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowStarts, rowsBetween } from './use-rows-in-view.ts'

const starts = rowStarts([30, 46, 46, 60, 30, 46].map((heightPx) => ({ heightPx })))
const drawn = (fromPx: number, toPx: number, overscan = 0) =>
  rowsBetween(starts, fromPx, toPx, overscan).map(({ index }) => index)

describe('the rows in view', () => {
  it.each([
    ['from the very top', 0, 76, 0, [0, 1]],
    ['where a row is cut at either edge', 40, 130, 0, [1, 2, 3]],
    ['at the end', 200, 900, 0, [4, 5]],
    ['behind the end, after the list has become shorter', 2000, 2500, 0, [5]],
    ['with one more at each end', 40, 70, 1, [0, 1, 2]],
    ['with no more than there are', 0, 900, 3, [0, 1, 2, 3, 4, 5]],
  ])('%s', (_, fromPx, toPx, overscan, expected) => {
    expect(drawn(fromPx, toPx, overscan)).toEqual(expected)
  })

  it('of no rows are none', () => {
    expect(rowsBetween(rowStarts([]), 0, 500, 1)).toEqual([])
  })

  it('are all that any part of the window shows', () => {
    const heights = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 30 })
    fc.assert(
      fc.property(heights, fc.nat(1500), fc.integer({ min: 1, max: 400 }), (list, fromPx, heightPx) => {
        const begins = rowStarts(list.map((px) => ({ heightPx: px })))
        const shown = rowsBetween(begins, fromPx, fromPx + heightPx, 0).map(({ index }) => index)
        list.forEach((px, index) => {
          const begin = begins[index] ?? 0
          if (begin < fromPx + heightPx && begin + px > fromPx) expect(shown).toContain(index)
        })
      }),
    )
  })
})
