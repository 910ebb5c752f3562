/**
 * Many random lives of operations, more than a test run has time for.
 * `node apps/bff/src/resize/engine/testing/run-schedules.ts [schedules] [first seed]`: one line at the end; a seed that
 * breaks a promise is printed with the command that repeats it.
 */
import process from 'node:process'
import { advance } from '../resize-engine.ts'
import { simulate } from './simulate.ts'

const schedules = Number(process.argv[2] ?? 100_000)
const first = Number(process.argv[3] ?? 1)
const faults: Record<string, number> = {}
let broken = 0
for (let seed = first; seed < first + schedules && broken < 3; seed += 1) {
  try {
    const run = simulate(advance, seed)
    for (const [kind, times] of Object.entries(run.faults)) faults[kind] = (faults[kind] ?? 0) + times
  } catch (error) {
    broken += 1
    console.log(error instanceof Error ? error.message : String(error))
    console.log(`again: node apps/bff/src/resize/engine/testing/run-schedules.ts 1 ${seed}`)
  }
}
for (const [kind, times] of Object.entries(faults).sort(([a], [b]) => a.localeCompare(b)))
  console.log(`${String(times).padStart(8)}  ${kind}`)
console.log(`${schedules} schedules from seed ${first}: ${broken} broken`)
process.exitCode = broken > 0 ? 1 : 0
