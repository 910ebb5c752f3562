import { runSchedule, type Outcome, type RunOptions } from './run-schedule.ts'
import type { Schedule } from './schedule.ts'

/** Runs that a shrinking may take. */
const RUNS_MAX = 400

/**
 * Leaves out steps, VMs' latency and time while the schedule still fails.
 * @returns the smallest failing schedule that was found, and how it ends
 */
export async function shrinkSchedule(
  schedule: Schedule,
  options: RunOptions = {},
): Promise<{ readonly schedule: Schedule; readonly outcome: Outcome }> {
  let best = { schedule, outcome: await runSchedule(schedule, options) }
  if (best.outcome.failure === undefined) return best
  let runs = 0
  const attempt = async (candidate: Schedule): Promise<boolean> => {
    if (runs >= RUNS_MAX) return false
    runs += 1
    const outcome = await runSchedule(candidate, options)
    if (outcome.failure === undefined) return false
    best = { schedule: candidate, outcome }
    return true
  }
  for (let smaller = true; smaller;) {
    smaller = false
    for (let index = best.schedule.steps.length - 1; index >= 0; index -= 1) {
      const steps = best.schedule.steps.filter((_, each) => each !== index)
      if (await attempt({ ...best.schedule, steps })) smaller = true
    }
  }
  if (best.schedule.latencyMs > 0) await attempt({ ...best.schedule, latencyMs: 0 })
  if (best.schedule.store === 'sqlite') await attempt({ ...best.schedule, store: 'memory' })
  return best
}
