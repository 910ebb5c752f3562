import { describe, expect, it } from 'vitest'
import { forecastRanges } from './forecast-ranges.ts'

describe('the forecast', () => {
  it('puts neighbours with the same prospects in one line', () => {
    const at = (
      from: number,
      to: number,
      now: 'fixed' | 'removable' | 'absent',
      nextBoot: 'fixed' | 'absent',
    ) => Array.from({ length: to - from + 1 }, (_, index) => ({ id: from + index, now, nextBoot }))
    const vcpus = [
      ...at(0, 3, 'fixed', 'fixed'),
      ...at(4, 7, 'removable', 'fixed'),
      ...at(8, 31, 'absent', 'absent'),
    ]
    expect(forecastRanges(vcpus).map(({ ids, count, changes }) => [ids, count, changes])).toEqual([
      ['0-3', 4, false],
      ['4-7', 4, true],
      ['8-31', 24, false],
    ])
  })

  it('says nothing of a change where one side is not known', () => {
    expect(forecastRanges([{ id: 0, nextBoot: 'fixed' }])[0]?.changes).toBe(false)
  })
})
