import { parseArgs } from 'node:util'
import { FAULT_KINDS, type FaultCounts } from './fault-kinds.ts'
import { findVariants, LIVES_OF_WRONG_ONES } from './find-variants.ts'
import { repeatCommand } from './repeat-command.ts'
import { engineVariant, engineVariants } from './engine-variants.ts'
import { runSchedule, type Outcome } from './run-schedule.ts'
import { runSeeds } from './run-seeds.ts'
import { scheduleOf } from './schedule.ts'
import { shrinkSchedule } from './shrink-schedule.ts'

const HELP = `Lives through the server's life in virtual time, with everything that can go wrong.

  npm run simulate -w apps/bff -- --count N [--from SEED]   N schedules on all cores
  npm run simulate -w apps/bff -- --seed SEED [--shrink]    one schedule, in words
  npm run simulate -w apps/bff -- --variants [--from SEED]  searches for a seed that finds each wrong engine out

  --variant NAME   a wrong engine instead of the real one, to see it found out (a wrong name lists them)`

/** Failures that are listed. */
const LISTED_MAX = 20
/** A fault that struck less often in a full run is as good as not tested. */
const STRIKES_MIN = 100
const FULL_RUN = 10_000

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    shrink: { type: 'boolean', default: false },
    variant: { type: 'string' },
    variants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(HELP)
else if (values.variants) await allVariants()
else if (values.seed === undefined) await many()
else await one(wholeNumber('seed', values.seed))

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${name} is a whole number, not "${text}"`)
  return Number(text)
}

async function one(seed: number): Promise<void> {
  const options = values.variant === undefined ? {} : { advance: await engineVariant(values.variant) }
  const schedule = scheduleOf(seed)
  if (!values.shrink) return tell(await runSchedule(schedule, options))
  const smallest = await shrinkSchedule(schedule, options)
  console.log(JSON.stringify(smallest.schedule, undefined, 1))
  tell(smallest.outcome)
}

function tell(outcome: Outcome): void {
  console.log(outcome.tail.join('\n'))
  console.log(`history ${outcome.hash}, calm ${outcome.calmAfterMs / 1000} s after the last fault`)
  if (outcome.failure === undefined) return console.log(`seed ${outcome.seed}: every promise was kept`)
  console.log(`seed ${outcome.seed} FAILED: ${outcome.failure}`)
  process.exitCode = 1
}

async function many(): Promise<void> {
  const count = wholeNumber('count', values.count)
  const started = performance.now()
  const summary = await runSeeds({
    first: wholeNumber('from', values.from),
    count,
    ...(values.variant !== undefined && { variant: values.variant }),
    onReport: (report, done) => {
      if (report.failure !== undefined) console.log(failureText(report.seed, report.failure))
      if (done % 5_000 === 0) console.log(`${done} of ${count}`)
    },
  })
  console.log(faultTable(summary.faults))
  const seconds = (performance.now() - started) / 1000
  console.log(
    `${summary.seeds} schedules, ${summary.operations} operations, ${summary.livedTwice} lived twice, ` +
      `${summary.failures.length} failed, ${seconds.toFixed(1)} s`,
  )
  if (summary.failures.length > 0) {
    const seeds = summary.failures.slice(0, LISTED_MAX).map(({ seed }) => seed)
    console.log(`failing seeds: ${seeds.join(' ')}${summary.failures.length > LISTED_MAX ? ' …' : ''}`)
    process.exitCode = 1
  }
  const rare = FAULT_KINDS.filter((kind) => summary.faults[kind] < STRIKES_MIN)
  if (count >= FULL_RUN && rare.length > 0) {
    console.log(`struck less than ${STRIKES_MIN} times: ${rare.join(', ')}`)
    process.exitCode = 1
  }
}

/** What is printed last goes into `found-by.ts`. */
async function allVariants(): Promise<void> {
  const foundBy: Record<string, number> = {}
  for await (const { name, seed, failure } of findVariants(wholeNumber('from', values.from))) {
    foundBy[name] = seed
    console.log(`${String(seed).padStart(8)}  ${name}: ${failure}`)
  }
  const missed = Object.keys(await engineVariants()).filter((name) => foundBy[name] === undefined)
  console.log(JSON.stringify(foundBy, undefined, 1))
  for (const name of missed) console.log(`missed: ${name}`)
  console.log(
    `${Object.keys(foundBy).length} wrong engines found out within ${LIVES_OF_WRONG_ONES} lives, ${missed.length} missed`,
  )
  if (missed.length > 0) process.exitCode = 1
}

function failureText(seed: number, failure: string): string {
  const [first = ''] = failure.split('\n')
  return `seed ${seed}: ${first}\n  repeat: ${repeatCommand(seed, values.variant)}`
}

function faultTable(faults: FaultCounts): string {
  return FAULT_KINDS.map((kind) => `${kind.padEnd(22)} ${String(faults[kind]).padStart(8)}`).join('\n')
}
