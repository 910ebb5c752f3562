import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { addFaults, noFaults, type FaultCounts } from './fault-kinds.ts'
import type { Outcome } from './run-schedule.ts'

/** One seed in so many is lived twice and must give the same history. */
const TWICE_EVERY = 100
/** Seeds that a worker has waiting, so that it never idles. */
const AHEAD = 3

export interface SeedTask {
  readonly seed: number
  readonly twice: boolean
  /** A wrong engine instead of the real one. */
  readonly variant?: string
}

export type SeedReport = Omit<Outcome, 'tail'>

interface RunSeedsOptions {
  readonly first: number
  readonly count: number
  readonly variant?: string
  /** Failures after which no further seed is begun; all are run by default. */
  readonly failuresMax?: number
  readonly onReport?: (report: SeedReport, done: number) => void
}

interface SeedsSummary {
  readonly seeds: number
  readonly failures: readonly SeedReport[]
  readonly faults: FaultCounts
  readonly operations: number
  readonly livedTwice: number
}

/** Runs seeds on all cores. */
export async function runSeeds(options: RunSeedsOptions): Promise<SeedsSummary> {
  const { first, count, variant, failuresMax = Number.POSITIVE_INFINITY } = options
  const faults = noFaults()
  const failures: SeedReport[] = []
  let next = first
  let seeds = 0
  let operations = 0
  let livedTwice = 0

  const take = (): SeedTask | undefined => {
    if (next >= first + count || failures.length >= failuresMax) return undefined
    const seed = next++
    const twice = seed % TWICE_EVERY === 0
    if (twice) livedTwice += 1
    return { seed, twice, ...(variant !== undefined && { variant }) }
  }
  const note = (report: SeedReport): void => {
    seeds += 1
    operations += report.operations
    addFaults(faults, report.faults)
    if (report.failure !== undefined) failures.push(report)
    options.onReport?.(report, seeds)
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, () => employ(take, note)))
  failures.sort((a, b) => a.seed - b.seed)
  return { seeds, failures, faults, operations, livedTwice }
}

/** One worker thread, busy until there are no more tasks. */
function employ(take: () => SeedTask | undefined, note: (report: SeedReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url))
    let waiting = 0
    const give = (): void => {
      const task = take()
      if (task !== undefined) {
        waiting += 1
        worker.postMessage(task)
      } else if (waiting === 0) {
        void worker.terminate().then(() => resolve())
      }
    }
    worker.on('message', (report: SeedReport) => {
      waiting -= 1
      note(report)
      give()
    })
    worker.on('error', reject)
    for (let ahead = 0; ahead < AHEAD; ahead += 1) give()
  })
}
