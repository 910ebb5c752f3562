import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CRASH_SCENARIOS, crashEverywhere } from './crash-scenarios.ts'
import { engineVariant, engineVariants } from './engine-variants.ts'
import { FAULT_KINDS } from './fault-kinds.ts'
import { LIVES_OF_WRONG_ONES } from './find-variants.ts'
import { FOUND_BY } from './found-by.ts'
import { repeatCommand } from './repeat-command.ts'
import { runSchedule } from './run-schedule.ts'
import { runSeeds } from './run-seeds.ts'
import { scheduleOf } from './schedule.ts'

/** Lives in the test command; more with `npm run simulate -w apps/bff -- --count 1000000`. */
const LIVES = 10_000
/** A fault that strikes less often is as good as not tested. */
const STRIKES_MIN = 100
const KINDS_MIN = 24
const CRASH_POINTS_MIN = 400
const WRONG_ENGINES_MIN = 40
/** Where a change elsewhere has moved the seed of a wrong engine. */
const FIRST_LIVES = Array.from({ length: 100 }, (_, index) => index + 1)
/** Only catches a test that hangs. */
const LIMIT_MS = 3_600_000

describe('the server from its first start to its last, in virtual time', () => {
  it(`keeps every promise in ${LIVES} random lives`, { timeout: LIMIT_MS }, async () => {
    const { failures, faults, livedTwice } = await runSeeds({ first: 1, count: LIVES, failuresMax: 3 })
    console.log(FAULT_KINDS.map((kind) => `${kind} ${faults[kind]}`).join(', '))
    expect(failures.map(({ seed, failure }) => `${repeatCommand(seed)}\n${failure}`)).toEqual([])
    expect(livedTwice).toBe(LIVES / 100)
    expect(FAULT_KINDS.filter((kind) => faults[kind] < STRIKES_MIN)).toEqual([])
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
  it.each(Object.entries(FOUND_BY))('%s', { timeout: LIMIT_MS }, async (name, seed) => {
    const advance = await engineVariant(name)
    let failure: string | undefined
    for (const each of [seed, ...FIRST_LIVES]) {
      failure ??= (await runSchedule(scheduleOf(each), { advance })).failure
      if (failure !== undefined) break
    }
    expect(failure, 'npm run simulate -w apps/bff -- --variants finds a new seed').toBeDefined()
  })

  it('there are at least 40 of them, and none is left out', async () => {
    expect(Object.keys(FOUND_BY).length).toBeGreaterThanOrEqual(WRONG_ENGINES_MIN)
    expect(Object.keys(FOUND_BY).toSorted()).toEqual(Object.keys(await engineVariants()).toSorted())
    expect(Object.values(FOUND_BY).filter((seed) => seed > LIVES_OF_WRONG_ONES)).toEqual([])
  })
})

describe('a seed that fails', () => {
  const variant = 'the deadline fails the operation'
  const seed = FOUND_BY[variant] ?? 0

  it(
    'prints the command that repeats it, and that command fails in the same way and shrinks',
    { timeout: LIMIT_MS },
    async () => {
      expect(repeatCommand(7, variant)).toBe(
        `npm run simulate -w apps/bff -- --seed 7 --shrink --variant "${variant}"`,
      )
      const whole = await simulate('--seed', String(seed), '--variant', variant)
      const small = await simulate('--seed', String(seed), '--variant', variant, '--shrink')
      const again = await simulate('--from', String(seed), '--count', '1', '--variant', variant)
      for (const { code, output } of [whole, small, again]) {
        expect(code, output).toBe(1)
        expect(output).toContain('without a reason that anybody told')
      }
      expect(again.output).toContain(repeatCommand(seed, variant))
      const steps = (
        JSON.parse(small.output.slice(0, small.output.indexOf('\n}') + 2)) as { steps: unknown[] }
      ).steps
      expect(steps.length).toBeLessThan(scheduleOf(seed).steps.length)
    },
  )
})

/** The command as a person runs it. */
function simulate(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  const script = fileURLToPath(new URL('simulate.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` })
    })
  })
}
