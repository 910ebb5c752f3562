import { describe, expect, it } from 'vitest'
import { CRASH_SCENARIOS, crashEverywhere } from './crash-scenarios.ts'
import { engineVariant } from './engine-variants.ts'
import { FAULT_KINDS } from './fault-kinds.ts'
import { runSchedule } from './run-schedule.ts'
import { runSeeds } from './run-seeds.ts'
import { scheduleOf } from './schedule.ts'

/** Lives in the test command; more with `npm run simulate -w apps/bff -- --count 1000000`. */
const LIVES = 2_000
/** A fault that strikes in fewer lives than one in so many is as good as not tested. */
const STRIKES_ONE_IN = 100
const KINDS_MIN = 24
const CRASH_POINTS_MIN = 400
const LIMIT_MS = 900_000
/** Lives in which a wrong engine has to be found out. */
const LIVES_OF_WRONG_ONES = 60

/** Wrong engines that the whole server shows quickly; all of them are in `wrong-engines.test.ts` of the engine. */
const WRONG_ENGINES = [
  'a look before the reply is ignored',
  'a reported refusal is taken for proof',
  'a restart is not noticed',
  'a stopped machine is not noticed',
  'a stuck vCPU is called removed after its last request',
  'accepted is taken for done',
  'after a restart the operation is begun again',
  'an event is taken for proof',
  'asked again by number',
  'given up after the first deadline',
  'the alias of a unit is taken for the id of a vCPU',
  'the deadline decides without a look',
  'the removal of one vCPU is counted for its group',
  'the timer is forgotten on restart',
  'the timer is forgotten when the operation is deferred',
  'unchanged is a new object',
  'written is taken for seen',
] as const

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

describe('a wrong engine in the whole server is found out', () => {
  it.each(WRONG_ENGINES)('%s', { timeout: LIMIT_MS }, async (name) => {
    const advance = await engineVariant(name)
    let foundBy: number | undefined
    for (let seed = 1; seed <= LIVES_OF_WRONG_ONES && foundBy === undefined; seed += 1) {
      if ((await runSchedule(scheduleOf(seed), { advance })).failure !== undefined) foundBy = seed
    }
    expect(foundBy).toBeDefined()
  })
})
