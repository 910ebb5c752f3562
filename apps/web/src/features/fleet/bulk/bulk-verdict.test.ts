import { describe, expect, it } from 'vitest'
import { fleetOf, planFor, vmWith } from '../../../../stories/fixtures.ts'
import { hasAlready, isReady, modeFor, requestFor, verdictOn, type BulkWish } from './bulk-verdict.ts'

const vm = vmWith({ present: 8 })
const wish = (sockets: number, over: Partial<BulkWish> = {}): BulkWish => ({
  sockets,
  when: 'usual',
  policy: 'interactive',
  ...over,
})

describe('one number of sockets for several machines', () => {
  it.each([
    ['up', true, 'usual', 'both'],
    ['up', false, 'usual', 'live'],
    ['down', true, 'usual', 'nextBoot'],
    ['up', true, 'nextBoot', 'nextBoot'],
  ] as const)(
    'a machine that is %s (persistent %s), asked %s, is changed %s',
    (status, persistent, when, mode) => {
      expect(modeFor({ status, persistent }, when)).toBe(mode)
    },
  )

  it('leaves a machine alone that has the number now and for the next start', () => {
    expect(hasAlready(vm, wish(vm.sockets))).toBe(true)
    expect(hasAlready({ ...vm, nextBootSockets: 9 }, wish(vm.sockets))).toBe(false)
    expect(hasAlready({ ...vm, nextBootSockets: 9 }, wish(9, { when: 'nextBoot' }))).toBe(true)
  })

  it('sends what was judged, with the word of the person where it was needed', () => {
    const plan = { ...planFor(vm, 2), acknowledge: ['unverified-guest-os'] }
    expect(requestFor(vm, wish(2), plan)).toEqual({
      sockets: 2,
      mode: 'both',
      policy: 'interactive',
      acknowledge: ['unverified-guest-os'],
    })
    expect(requestFor(vm, wish(2))).not.toHaveProperty('acknowledge')
  })

  it('reaches no machine whose verdict is missing, refused, or waits for a word', () => {
    const plan = planFor(vm, 2)
    const verdict = (data?: typeof plan, error: unknown = null) => verdictOn(vm, wish(2), { data, error })
    expect(isReady(verdict(plan), false)).toBe(true)
    expect(isReady(verdict(), true)).toBe(false)
    expect(isReady(verdict(undefined, new Error('gone')), true)).toBe(false)
    expect(isReady(verdict({ ...plan, allowed: false }), true)).toBe(false)
    const untested = verdict({ ...plan, acknowledge: ['unverified-guest-os'] })
    expect(isReady(untested, false)).toBe(false)
    expect(isReady(untested, true)).toBe(true)
  })

  it('judges a machine of the list without its details', () => {
    const [summary] = fleetOf(1)
    if (!summary) throw new Error('the fixture has no machine')
    expect(verdictOn(summary, wish(99), { error: null }).kind).toBe('asking')
  })
})
