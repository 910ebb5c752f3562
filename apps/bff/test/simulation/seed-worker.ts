import { parentPort } from 'node:worker_threads'
import { runSchedule } from './run-schedule.ts'
import { scheduleOf } from './schedule.ts'
import type { SeedReport, SeedTask } from './run-seeds.ts'
import { engineVariant } from './engine-variants.ts'

/** One seed after the other: a simulation replaces the timers of its thread. */
let last = Promise.resolve()

parentPort?.on('message', (task: SeedTask) => {
  last = last.then(() => work(task))
})

async function work({ seed, twice, variant }: SeedTask): Promise<void> {
  const options = variant === undefined ? {} : { advance: await engineVariant(variant) }
  const { tail: _tail, ...outcome } = await runSchedule(scheduleOf(seed), options)
  const again = twice ? await runSchedule(scheduleOf(seed), options) : undefined
  const report: SeedReport =
    again !== undefined && again.hash !== outcome.hash && outcome.failure === undefined
      ? { ...outcome, failure: `the same seed gave two histories: ${outcome.hash} and ${again.hash}` }
      : outcome
  parentPort?.postMessage(report)
}
