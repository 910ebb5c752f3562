import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from './resize-engine.ts'
import { simulate } from './testing/simulate.ts'

/** Random lives of each test here; `testing/run-schedules.ts` runs as many as there is time for. */
const SCHEDULES = 1000
/** Far above what the schedules take, ms. */
const LIMIT_MS = 120_000

describe('the promises, after every step of a random life', () => {
  it('hold for any machine, guest, fault and person', { timeout: LIMIT_MS }, () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), (seed) => {
        simulate(advance, seed)
      }),
      { numRuns: SCHEDULES, endOnFailure: true },
    )
  })

  it('are tried with every kind of fault and every end, each often', { timeout: LIMIT_MS }, () => {
    const fired: Record<string, number> = {}
    const ends: Record<string, number> = {}
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const run = simulate(advance, seed)
      ends[run.record.state] = (ends[run.record.state] ?? 0) + 1
      for (const [kind, times] of Object.entries(run.faults)) fired[kind] = (fired[kind] ?? 0) + times
    }
    const rare = Object.entries(fired).filter(([, times]) => times < 10)
    expect({ rare, kinds: Object.keys(fired).length }).toEqual({ rare: [], kinds: 28 })
    expect(Object.keys(ends).sort()).toEqual(['abandoned', 'converged', 'deferred', 'failed', 'rolled-back'])
    expect(Object.entries(ends).filter(([, times]) => times < 5)).toEqual([])
  })

  it('the same seed gives the same history', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      expect(simulate(advance, seed).history).toEqual(simulate(advance, seed).history)
    }
  })
})
