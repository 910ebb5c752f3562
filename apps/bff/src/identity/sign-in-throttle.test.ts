import { describe, expect, it } from 'vitest'
import {
  FIRST_WAIT_MS,
  FORGET_AFTER_MS,
  FREE_FAILURES,
  NAMES_MAX,
  WAIT_MAX_MS,
  createSignInThrottle,
} from './sign-in-throttle.ts'

describe('the wait after wrong passwords', () => {
  it('begins after the free ones, doubles, and has an end', () => {
    const throttle = createSignInThrottle()
    const waits: number[] = []
    for (let failure = 0; failure < FREE_FAILURES + 8; failure += 1) {
      throttle.failed('bob', 0)
      waits.push(throttle.waitMs('bob', 0))
    }
    expect(waits.slice(0, FREE_FAILURES - 1)).toEqual(Array.from({ length: FREE_FAILURES - 1 }, () => 0))
    expect(waits.slice(FREE_FAILURES - 1, FREE_FAILURES + 2)).toEqual([
      FIRST_WAIT_MS,
      2 * FIRST_WAIT_MS,
      4 * FIRST_WAIT_MS,
    ])
    expect(waits.at(-1)).toBe(WAIT_MAX_MS)
  })

  it('passes with time', () => {
    const throttle = createSignInThrottle()
    for (let failure = 0; failure < FREE_FAILURES; failure += 1) throttle.failed('bob', 1_000)
    expect(throttle.waitMs('BOB ', 1_400)).toBe(FIRST_WAIT_MS - 400)
    expect(throttle.waitMs('bob', 1_000 + FIRST_WAIT_MS)).toBe(0)
  })

  it('is forgotten after a right password and after a long quiet', () => {
    const throttle = createSignInThrottle()
    for (let failure = 0; failure < 20; failure += 1) throttle.failed('bob', 0)
    expect(throttle.waitMs('bob', FORGET_AFTER_MS + 1)).toBe(0)
    throttle.failed('bob', FORGET_AFTER_MS + 1)
    expect(throttle.waitMs('bob', FORGET_AFTER_MS + 1)).toBe(0)
    for (let failure = 0; failure < 20; failure += 1) throttle.failed('bob', FORGET_AFTER_MS + 2)
    throttle.succeeded('Bob')
    expect(throttle.waitMs('bob', FORGET_AFTER_MS + 2)).toBe(0)
  })

  it('is remembered for a bounded number of names', () => {
    const throttle = createSignInThrottle()
    for (let failure = 0; failure < 20; failure += 1) throttle.failed('first', 0)
    for (let name = 0; name < NAMES_MAX; name += 1) throttle.failed(`name-${name}`, 0)
    expect(throttle.waitMs('first', 0)).toBe(0)
  })
})
