import { describe, expect, it } from 'vitest'
import { CRASH_SCENARIOS, crashEverywhere } from './crash-scenarios.ts'
import { FAULT_KINDS } from './fault-kinds.ts'
import { runSeeds } from './run-seeds.ts'

/** Lives in the test command; more with `npm run simulate -w apps/bff -- --count 1000000`. */
const LIVES = 2_000
/** A fault that strikes in fewer lives than one in so many is as good as not tested. */
const STRIKES_ONE_IN = 100
const KINDS_MIN = 24
const CRASH_POINTS_MIN = 400
const LIMIT_MS = 900_000

describe('the server from its first start to its last, in virtual time', () => {
  it(`keeps every promise in ${LIVES} random lives`, { timeout: LIMIT_MS }, async () => {
    const { failures, faults, livedTwice } = await runSeeds({ first: 1, count: LIVES, failuresMax: 3 })
    console.log(FAULT_KINDS.map((kind) => `${kind} ${faults[kind]}`).join(', '))
    const told = failures.map(
      ({ seed, failure }) => `npm run simulate -w apps/bff -- --seed ${seed} --shrink\n${failure}`,
    )
    expect(told).toEqual([])
    expect(livedTwice).toBe(LIVES / 100)
    expect(FAULT_KINDS.filter((kind) => faults[kind] < LIVES / STRIKES_ONE_IN)).toEqual([])
  })

  it('knows at least 24 kinds of fault by name', () => {
    expect(new Set(FAULT_KINDS).size).toBeGreaterThanOrEqual(KINDS_MIN)
  })
})

describe('a crash at every point', () => {
  const lives: string[] = []

  for (const kind of ['kill', 'fail'] as const) {
    it.each(CRASH_SCENARIOS)(`comes to its end: $name, ${kind}`, { timeout: LIMIT_MS }, async (scenario) => {
      for await (const { nth, problem } of crashEverywhere(scenario, kind)) {
        expect(problem, `${kind} at point ${nth}`).toBeUndefined()
        lives.push(`${scenario.name} ${kind} ${nth}`)
      }
    })
  }

  it('means at least 400 points', () => {
    expect(lives.length).toBeGreaterThanOrEqual(CRASH_POINTS_MIN)
  })
})
