import type { Advance } from '../../src/resize/engine/testing/promises.ts'
import { SeededChance } from '../../src/resize/engine/testing/seeded-chance.ts'
import { perform } from './deeds.ts'
import type { CrashKind } from './crash-points.ts'
import type { FaultCounts } from './fault-kinds.ts'
import { differences } from './final-check.ts'
import { replacePlatformTimers, type CurrentProcess } from './platform-timers.ts'
import type { Schedule } from './schedule.ts'
import { trueVms } from './truth.ts'
import { VirtualTime } from './virtual-time.ts'
import { World } from './world.ts'

/** Two resyncs of the inventory: what every host's truth must be known after. */
const RESYNCS_MS = 125_000
/** Longest sum of the deadlines of the schedules' policies, and their two reconcile intervals. */
const DEADLINES_MS = 200_000
/** Looks at the whole, once a virtual second, that must find nothing in a row. */
const CALM_LOOKS = 3
const LOOK_MS = 1_000

export interface Outcome {
  readonly seed: number
  /** What went wrong; absent when every promise was kept. */
  readonly failure?: string
  readonly hash: string
  readonly faults: FaultCounts
  /** The end of the history, in words. */
  readonly tail: readonly string[]
  /** Crash points reached. */
  readonly points: number
  readonly operations: number
  /** Whether the planned crash happened. */
  readonly crashed: boolean
  /** How the operations stand at the end: oldest first, e.g. `unplug converged`. */
  readonly ends: readonly string[]
  /** vCPUs of each VM at the end, by name. */
  readonly vcpus: Readonly<Record<string, number>>
  /** Virtual time from the end of the trouble until all was well, ms. */
  readonly calmAfterMs: number
}

export interface RunOptions {
  readonly advance?: Advance
  /** Kills the server, or lets what it does fail, at the n-th crash point of any kind. */
  readonly crashAt?: { readonly nth: number; readonly kind: CrashKind }
}

/** Lives through a schedule. Never rejects for what the server does: that is the outcome. */
export async function runSchedule(schedule: Schedule, options: RunOptions = {}): Promise<Outcome> {
  const time = new VirtualTime()
  const current: CurrentProcess = { process: undefined }
  const platform = new SeededChance(schedule.seed ^ 0x0071)
  const restore = replacePlatformTimers(time, current, () => platform.next())
  const world = new World(schedule, time, current, options.advance)
  const onRejection = (error: unknown) => world.fail(error)
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onRejection)
  let calmAfterMs = 0
  let crashed = false
  let vcpus: Readonly<Record<string, number>> = {}
  try {
    await world.begin()
    if (options.crashAt) world.crash.arm('any', options.crashAt.nth, options.crashAt.kind)
    for (const { at, deed } of schedule.steps) time.setTimer(at, () => perform(world, deed))
    await time.advance(schedule.troubleMs, () => world.failure !== undefined)
    crashed = options.crashAt !== undefined && !world.crash.armed
    endTrouble(world)
    calmAfterMs = await calm(world)
    await checkAudit(world)
    vcpus = Object.fromEntries(
      [...trueVms(world.managed).values()].flat().map((vm) => [vm.name, vm.enabled.length]),
    )
  } catch (error) {
    world.fail(error)
  } finally {
    await world.end()
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onRejection)
    restore()
  }
  const { failure } = world
  return {
    seed: schedule.seed,
    ...(failure !== undefined && {
      failure:
        failure instanceof Error
          ? (failure.stack ?? failure.message)
          : `thrown, but no error: ${JSON.stringify(failure)}`,
    }),
    hash: world.history.digest(),
    faults: world.faults,
    tail: world.history.tail,
    points: world.crash.reached,
    operations: world.stored.records.length,
    crashed,
    ends: world.stored.records.map(({ kind, state }) => `${kind} ${state}`),
    vcpus,
    calmAfterMs,
  }
}

function endTrouble(world: World): void {
  world.history.add('trouble is over')
  world.crash.disarm()
  world.mood.full = false
  world.oracles.requests.forgiveAll()
  world.mood.busyMs = 0
  for (const host of world.hosts) {
    world.demo.control.clearFaults(host.name)
    if (!host.daemon.up) void world.demo.control.startDaemon(host.name)
  }
}

async function calm(world: World): Promise<number> {
  const { time } = world
  const began = time.now()
  let looks = 0
  let found: string[] = []
  while (world.failure === undefined && looks < CALM_LOOKS) {
    if (time.now() - began > RESYNCS_MS + DEADLINES_MS) {
      world.fail(
        new Error(`not calm ${(time.now() - began) / 1000} s after the last fault: ${found.join('; ')}`),
      )
      break
    }
    await time.advance(LOOK_MS)
    found = differences(world)
    looks = found.length === 0 ? looks + 1 : 0
  }
  return time.now() - began
}

async function checkAudit(world: World): Promise<void> {
  if (world.failure !== undefined) return
  const verified = await world.server?.verifyAudit()
  if (verified?.ok !== true) world.fail(new Error(`the audit chain does not verify: ${verified?.reason}`))
  for (const { name, daemon } of world.hosts) {
    const [report] = daemon.reports
    if (report !== undefined)
      world.fail(new Error(`the simulated host ${name} failed inside`, { cause: report }))
  }
}
