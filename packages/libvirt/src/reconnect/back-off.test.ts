import { describe, expect, it } from 'vitest'
import { backOffMs } from './back-off.ts'

const plan = { firstMs: 500, maxMs: 30_000, jitter: 0.5 }

describe('back-off', () => {
  it.each([
    [1, 0, 500],
    [2, 0, 1000],
    [3, 0, 2000],
    [7, 0, 30_000],
    [1000, 0, 30_000],
    [1, 1, 250],
    [7, 0.5, 22_500],
  ])('after %s failures with chance %s waits %s ms', (failures, chance, expected) => {
    expect(backOffMs(failures, chance, plan)).toBe(expected)
  })
})
