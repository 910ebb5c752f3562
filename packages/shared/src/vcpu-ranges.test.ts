import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatVcpuRanges } from './vcpu-ranges.ts'

describe('vCPU ids in words', () => {
  it.each([
    { ids: [], text: '' },
    { ids: [0], text: '0' },
    { ids: [4, 5, 6, 7], text: '4-7' },
    { ids: [1, 3], text: '1,3' },
    { ids: [0, 1, 4, 5, 9], text: '0-1,4-5,9' },
    { ids: [7, 5, 6, 5], text: '5-7' },
    { ids: [9, 10, 11], text: '9-11' },
  ])('$ids are "$text"', ({ ids, text }) => {
    expect(formatVcpuRanges(ids)).toBe(text)
  })

  it('name every id and no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1 }), (ids) => {
        const read = formatVcpuRanges(ids)
          .split(',')
          .flatMap((range) => {
            const [first = 0, last = first] = range.split('-').map(Number)
            return Array.from({ length: last - first + 1 }, (_, index) => first + index)
          })
        expect(read).toEqual(ids.toSorted((a, b) => a - b))
      }),
    )
  })
})
