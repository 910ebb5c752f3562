import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  connect,
  connectListAllDomains,
  domainResume,
  domainSuspend,
} from '../../packages/libvirt/src/index.ts'
import { median, quantile } from '../libvirt/statistics.ts'
import { startChild, type BenchChild } from './child.ts'
import { exitCode, goal } from './goals.ts'
import { startProduct } from './product.ts'

const USAGE = `Usage: node bench/bff/live.ts [--events 100] [--viewers 1000] [--memory-viewers 9000] [--storm 10000] [--seconds 5]
From libvirt's event to the viewers' sockets; a storm of changes; memory beside bare socket.io.`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100' },
    viewers: { type: 'string', default: '1000' },
    'memory-viewers': { type: 'string', default: '9000' },
    storm: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit(0)
}

const EVENTS = Number(values.events)
/** Cold code is no figure of a server that runs for months. */
const WARM_UP_EVENTS = 20
const VIEWERS = Number(values.viewers)
const FRAMES_PER_SECOND_GOAL = 20
const MEMORY_RATIO_GOAL = 1.3
const VIEWERS_PER_PROCESS = 3_000
/** Between two events, so that each is alone; longer than a frame. */
const EVENT_PAUSE_MS = 120
/** An event that has not come to everybody by then is counted as lost. */
const LATE_MS = 5_000
/** What is still under way after this long is late whatever the goal. */
const SETTLE_MS = 1_500

interface Report {
  readonly arrivals: readonly number[]
  readonly framesMax: number
  readonly lastDiffers: number
  readonly known: string
}

const report = async (viewers: BenchChild): Promise<Report> =>
  (await viewers.ask({ what: 'report' })) as Report

async function startViewers(
  { url, token }: { readonly url: string; readonly token: string },
  count: number,
): Promise<BenchChild> {
  const viewers = startChild('viewers.ts')
  await viewers.ask({ what: 'connect', url, token, topic: 'fleet', count })
  return viewers
}

/** Ages of one event at the sockets of all viewers, ms. */
async function agesOf(viewers: BenchChild, count: number, event: () => Promise<number>): Promise<number[]> {
  const at = await event()
  const arrivals: number[] = []
  // Load figures go out in frames of their own; the first frame of each viewer is the event's.
  for (let waited = 0; arrivals.length < count && waited < LATE_MS; waited += EVENT_PAUSE_MS) {
    await delay(EVENT_PAUSE_MS)
    arrivals.push(...(await report(viewers)).arrivals)
  }
  return arrivals.slice(0, count).map((arrival) => arrival - at)
}

async function eventToSocket(): Promise<void> {
  await using product = await startProduct(20)
  await using host = await connect(product.hostUri)
  await using bare = startChild('baseline.ts')
  const { url: bareUrl } = (await bare.ask({ what: 'listen', body: {} })) as { url: string }
  const { domains } = await host.call(connectListAllDomains, { needResults: 1, flags: 0 })
  let turn = 0
  async function ourEvent(): Promise<number> {
    const domain = domains[turn % domains.length]
    if (!domain) throw new Error('the simulated host has no VM')
    // All VMs are paused one by one, then all go on: none is told what it does already.
    const pause = Math.floor(turn / domains.length) % 2 === 0
    turn += 1
    await host.call(pause ? domainSuspend : domainResume, { domain })
    return product.newestEventAt()
  }
  const theirEvent = async (): Promise<number> =>
    ((await bare.ask({ what: 'tell', topic: 'fleet' })) as { at: number }).at

  for (const [count, goalMs] of [
    [100, 5],
    [VIEWERS, 50],
  ] as const) {
    await using viewers = await startViewers(product, count)
    await using others = await startViewers({ url: bareUrl, token: '' }, count)
    await delay(SETTLE_MS)
    await Promise.all([report(viewers), report(others)])
    const ages: number[] = []
    const bareAges: number[] = []
    for (let event = -WARM_UP_EVENTS; event < EVENTS; event += 1) {
      const ours = await agesOf(viewers, count, ourEvent)
      const theirs = await agesOf(others, count, theirEvent)
      if (event < 0) continue
      ages.push(...ours)
      bareAges.push(...theirs)
    }
    const p99 = quantile(ages, 0.99)
    console.log(
      `       bare socket.io, from its emit to the sockets of ${count} viewers: median ${median(bareAges).toFixed(2)} ms, p99 ${quantile(bareAges, 0.99).toFixed(2)} ms`,
    )
    goal(
      `libvirt event to the sockets of ${count} viewers: median ${median(ages).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${(p99 / quantile(bareAges, 0.99)).toFixed(2)} x bare socket.io (${ages.length} arrivals)`,
      ages.length >= EVENTS * count * 0.99 && p99 <= goalMs,
    )
  }
}

async function storm(): Promise<void> {
  await using server = startChild('live-doors.ts')
  const doors = (await server.ask({ what: 'listen' })) as { url: string; token: string }
  await using viewers = await startViewers(doors, VIEWERS)
  await report(viewers)
  const seconds = Number(values.seconds)
  const { changes } = (await server.ask({ what: 'storm', perSecond: Number(values.storm), seconds })) as {
    changes: number
  }
  await delay(SETTLE_MS)
  const { framesMax, lastDiffers, known } = await report(viewers)
  await using late = await startViewers(doors, 1)
  const exact = (await report(late)).known === known && lastDiffers === 1
  // The first frame goes out at the beginning: it is the pauses behind it that the time has room for.
  const framesPerSecond = (framesMax - 1) / seconds
  goal(
    `storm of ${(changes / seconds).toFixed(0)} changes/s to ${VIEWERS} viewers: at most ${framesPerSecond.toFixed(1)} frames/s each, end state ${exact ? 'exact' : 'WRONG'}`,
    framesPerSecond <= FRAMES_PER_SECOND_GOAL && exact && changes / seconds >= Number(values.storm) * 0.99,
  )
}

/** Memory of a server process for each of its viewers, bytes. */
async function memoryPerViewer(file: string, order: object, count: number): Promise<number> {
  await using server = startChild(file)
  const { url, token = '' } = (await server.ask(order)) as { url: string; token?: string }
  const rss = async (): Promise<number> => ((await server.ask({ what: 'memory' })) as { rss: number }).rss
  await using viewers = new AsyncDisposableStack()
  // The first ones warm the code up: what is measured is what a viewer costs, not what the server costs.
  viewers.use(await startViewers({ url, token }, 200))
  const before = await rss()
  for (let at = 0; at < count; at += VIEWERS_PER_PROCESS) {
    viewers.use(await startViewers({ url, token }, Math.min(VIEWERS_PER_PROCESS, count - at)))
  }
  return ((await rss()) - before) / count
}

async function memory(): Promise<void> {
  const count = Number(values['memory-viewers'])
  const ours = await memoryPerViewer('live-doors.ts', { what: 'listen' }, count)
  const bare = await memoryPerViewer('baseline.ts', { what: 'listen', body: {} }, count)
  goal(
    `memory for each of ${count} viewers: ${(ours / 1024).toFixed(1)} KiB, bare socket.io ${(bare / 1024).toFixed(1)} KiB, ${(ours / bare).toFixed(2)} x`,
    ours / bare <= MEMORY_RATIO_GOAL,
  )
}

await eventToSocket()
await storm()
await memory()
process.exitCode = exitCode()
