import autocannon from 'autocannon'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, quantile } from '../libvirt/statistics.ts'
import { startChild } from './child.ts'
import { exitCode, goal } from './goals.ts'
import { processorMs } from './processor-time.ts'
import { readJson, startProduct } from './product.ts'

const USAGE = `Usage: node bench/bff/http.ts [--rounds 5] [--seconds 3] [--resizes 300]
A signed-in read beside express with helmet, in turns, and the acceptance of resizes.`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    resizes: { type: 'string', default: '300' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit(0)
}
const READ_RATIO_GOAL = 0.7
const ACCEPT_P99_GOAL_MS = 5
const CONNECTIONS = 10
/** Cold code is no figure of a server that runs for months. */
const WARM_UP_RESIZES = 30
/** Between the beginnings of two requests in the second row: as many as people and scripts make on a busy day. */
const PACED_PAUSE_MS = 50

const resizes = Number(values.resizes)
await using product = await startProduct(resizes + WARM_UP_RESIZES)
await using baseline = startChild('baseline.ts')
const { url, token } = product
const { items } = (await readJson(`${url}/api/v1/vms?limit=1000`, token)) as { items: { uuid: string }[] }
const address = `${url}/api/v1/vms/${items[0]?.uuid}`
const bare = (await baseline.ask({
  what: 'listen',
  body: await readJson(address, token),
  resizes: { hostUri: product.hostUri, file: join(product.folder, 'bare.db') },
})) as { url: string }

interface Figures {
  readonly perSecond: number
  readonly p99Ms: number
  /** Processor time of the server for one request, ms. */
  readonly costMs: number
}

async function load(target: string, pid: number | undefined): Promise<Figures> {
  const before = processorMs(pid)
  const { requests, latency, non2xx } = await autocannon({
    url: target,
    connections: CONNECTIONS,
    duration: Number(values.seconds),
    headers: { Authorization: `Bearer ${token}` },
  })
  if (non2xx > 0) throw new Error(`${target}: ${non2xx} answers were no success`)
  return {
    perSecond: requests.average,
    p99Ms: latency.p99,
    costMs: (processorMs(pid) - before) / requests.total,
  }
}

const loadOurs = (): Promise<Figures> => load(address, product.pid)
const loadTheirs = (): Promise<Figures> => load(`${bare.url}/vm`, baseline.process.pid)
const ours: Figures[] = []
const theirs: Figures[] = []
await loadOurs()
await loadTheirs()
for (let round = 0; round < Number(values.rounds); round += 1) {
  const mine = (): Promise<unknown> => loadOurs().then((figure) => ours.push(figure))
  const other = (): Promise<unknown> => loadTheirs().then((figure) => theirs.push(figure))
  for (const run of round % 2 === 0 ? [mine, other] : [other, mine]) await run()
}
const ratio = median(ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? perSecond)))
console.log(
  `       express + helmet: median ${median(theirs.map((one) => one.perSecond)).toFixed(0)}/s, p99 ${median(theirs.map((one) => one.p99Ms))} ms`,
)
goal(
  `signed-in read of a VM: median ${median(ours.map((one) => one.perSecond)).toFixed(0)}/s, p99 ${median(ours.map((one) => one.p99Ms))} ms, ${ratio.toFixed(2)} x express + helmet`,
  ratio >= READ_RATIO_GOAL,
)

const cost = median(ours.map(({ costMs }) => costMs))
const bareCost = median(theirs.map(({ costMs }) => costMs))
goal(
  `processor time of a read: ${cost.toFixed(3)} ms, express + helmet ${bareCost.toFixed(3)} ms, ${(bareCost / cost).toFixed(2)} x as cheap`,
  bareCost / cost >= READ_RATIO_GOAL,
)

/** `fetch` would add more than a millisecond of its own to each request. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** Posts JSON. @returns how long the whole answer took, ms */
async function post(address: string, value: unknown): Promise<number> {
  const began = performance.now()
  const status = await statusOf(address, value)
  const tookMs = performance.now() - began
  if (status !== 202) throw new Error(`${address} answered with ${status}`)
  return tookMs
}

function statusOf(address: string, value: unknown): Promise<number> {
  const body = JSON.stringify(value)
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const call = request(address, { method: 'POST', agent, headers }, (answer) => {
      answer.once('end', () => resolve(answer.statusCode ?? 0)).resume()
    })
    call.once('error', reject).end(body)
  })
}

interface Accepted {
  readonly ours: readonly number[]
  readonly bare: readonly number[]
}

/** How long each VM's resize took to be accepted, and beside each as much without Coreshift, ms. */
async function accept(sockets: number, pauseMs: number): Promise<Accepted> {
  const ours: number[] = []
  const theirs: number[] = []
  for (const { uuid } of items) {
    const began = performance.now()
    theirs.push(await post(`${bare.url}/vm/${uuid}`, { sockets, policy: 'background' }))
    await restOf(pauseMs / 2, began)
    ours.push(await post(`${url}/api/v1/vms/${uuid}/resizes`, { sockets, policy: 'background' }))
    await restOf(pauseMs, began)
  }
  return { ours: ours.slice(WARM_UP_RESIZES), bare: theirs.slice(WARM_UP_RESIZES) }
}

async function restOf(pauseMs: number, began: number): Promise<void> {
  const restMs = pauseMs - (performance.now() - began)
  if (restMs > 0) await delay(restMs)
}

async function untilAllEnded(): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { items: open } = (await readJson(`${url}/api/v1/resizes`, token)) as { items: unknown[] }
    if (open.length === 0) return
    await delay(100)
  }
  throw new Error('resizes are open still after a minute')
}

// In the first row the server works on what the earlier ones started at the same time, as fast as it can.
for (const [sockets, pauseMs, how] of [
  [3, 0, 'one right after the other'],
  [2, PACED_PAUSE_MS, `${1_000 / PACED_PAUSE_MS} a second`],
] as const) {
  const accepted = await accept(sockets, pauseMs)
  const p99 = quantile(accepted.ours, 0.99)
  const bareP99 = quantile(accepted.bare, 0.99)
  console.log(
    `       express + helmet, one XML and one durable row: median ${median(accepted.bare).toFixed(2)} ms, p99 ${bareP99.toFixed(2)} ms`,
  )
  goal(
    `a resize accepted, re-read and durable: median ${median(accepted.ours).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${(p99 / bareP99).toFixed(2)} x (${accepted.ours.length}, ${how})`,
    p99 <= ACCEPT_P99_GOAL_MS,
  )
  await untilAllEnded()
}
agent.destroy()
process.exitCode = exitCode()
