import { expect, it } from 'vitest'
import { wholeNumber } from './whole-number.ts'

it.each([0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 1_234_567_890])(
  'writes %i as English does',
  (value) => {
    expect(wholeNumber(value)).toBe(value.toLocaleString('en'))
  },
)
