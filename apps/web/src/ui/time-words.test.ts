import { describe, expect, it } from 'vitest'
import { clockTime, clockTimeWithMs, dayAndTime, runningTime, wholeInstant } from './time-words.ts'

describe('times in words', () => {
  it.each([
    [-500, '0 s'],
    [999, '0 s'],
    [12_400, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 m'],
    [192_000, '3 m 12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 m'],
    [273_600_000, '3 d 4 h'],
  ])('a clock of %i ms shows %s', (ms, words) => {
    expect(runningTime(ms)).toBe(words)
  })

  it('are in the zone of the viewer and name UTC beside it', () => {
    const instant = '2026-11-22T12:03:04.250Z'
    expect(clockTime(instant, 'Europe/Berlin')).toBe('13:03:04')
    expect(clockTimeWithMs(instant, 'UTC')).toBe('12:03:04.250Z')
    expect(dayAndTime(instant, 'UTC')).toBe('22 Nov 2026, 12:03Z')
    expect(wholeInstant(instant, 'Europe/Berlin')).toContain('2026-11-22T12:03:04.250Z')
  })
})
