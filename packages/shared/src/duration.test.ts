import { describe, expect, it } from 'vitest'
import { formatDuration } from './duration.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a duration as people say it', () => {
  it.each([
    { ms: -5, text: '0.00 s' },
    { ms: 0, text: '0.00 s' },
    { ms: 38, text: '0.04 s' },
    { ms: 94, text: '0.09 s' },
    { ms: 95, text: '0.1 s' },
    { ms: 394, text: '0.4 s' },
    { ms: 1000, text: '1.0 s' },
    { ms: 9949, text: '9.9 s' },
    { ms: 9950, text: '10 s' },
    { ms: 12_400, text: '12 s' },
    { ms: 59_499, text: '59 s' },
    { ms: 59_500, text: '1 m' },
    { ms: 3 * MINUTE + 12 * SECOND, text: '3 m 12 s' },
    { ms: HOUR - 500, text: '1 h' },
    { ms: 2 * HOUR + 5 * MINUTE, text: '2 h 5 m' },
    { ms: 2 * HOUR, text: '2 h' },
    { ms: DAY - 1, text: '1 d' },
    { ms: 3 * DAY + 4 * HOUR, text: '3 d 4 h' },
    { ms: 400 * DAY, text: '400 d' },
  ])('$ms ms is "$text"', ({ ms, text }) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
