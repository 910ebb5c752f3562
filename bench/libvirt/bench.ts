import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  connect,
  type Connection,
  domainSetMetadata,
  type DomainRef,
  MetadataType,
  ModificationImpact,
  parseLibvirtUri,
} from '../../packages/libvirt/src/index.ts'
import { BenchClient } from './bench-client.ts'
import { decodeRounds } from './decode.ts'
import { endDomains, startDomains } from './domains.ts'
import { median, quantile } from './statistics.ts'

const USAGE = `Usage: node bench/libvirt/bench.ts --socket PATH [--domains 1000] [--rounds 15] [--calls 2000] [--events 1000]
Compares packages/libvirt with python3-libvirt, virsh and go-libvirt on one daemon, side by side in one run.
The daemon's test driver gives the domains, so nothing real is touched. What is not installed is left out and said.`

const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    domains: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '15' },
    calls: { type: 'string', default: '2000' },
    events: { type: 'string', default: '1000' },
  },
})
if (values.socket === undefined) {
  console.error(USAGE)
  process.exit(2)
}
const ROUNDS = Number(values.rounds)
const CALLS = Number(values.calls)
const EVENTS = Number(values.events)
const OURS = 'packages/libvirt'
/** A server decodes this for days: the first rounds, in cold code, are told apart. */
const DECODE_ROUNDS = 60
/** The same for events: so many are heard in each round before those that count. */
const EVENTS_WARM_UP = 500
/** Until then the last of them have come. */
const EVENTS_SETTLE_MS = 100
/** An event that has not come by then will not come. */
const EVENTS_LATE_MS = 10_000
const uri = `test+unix:///default?socket=${values.socket}`
parseLibvirtUri(uri)

const scratch = mkdtempSync(join(tmpdir(), 'bench-libvirt-'))
const here = import.meta.dirname

type Starter = () => Promise<BenchClient>

/** The clients that can run here, ours first; each missing one is named with the reason. */
function available(): Map<string, Starter> {
  const clients = new Map<string, Starter>()
  clients.set(OURS, () =>
    BenchClient.start(OURS, process.execPath, [join(here, 'clients/our-client.ts'), uri]),
  )
  const works = (
    name: string,
    file: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): boolean => {
    const { status, error, stderr } = spawnSync(file, args, {
      env: { ...process.env, ...env },
      cwd: here,
      encoding: 'utf8',
    })
    if (status === 0) return true
    console.log(`left out: ${name} (${error?.message ?? stderr.trim().split('\n').at(-1) ?? ''})`)
    return false
  }
  const python = '/usr/bin/python3'
  if (works('python3-libvirt', python, ['-c', 'import libvirt'])) {
    const script = join(here, 'clients/python_client.py')
    clients.set('python3-libvirt', () => BenchClient.start('python3-libvirt', python, [script, uri]))
  }
  if (works('virsh', 'virsh', ['--version']) && works('virsh (stdbuf)', 'stdbuf', ['--version'])) {
    const script = join(here, 'clients/virsh-client.ts')
    clients.set('virsh', () => BenchClient.start('virsh', process.execPath, [script, uri]))
  }
  const binary = join(scratch, 'go-client')
  const goEnv = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(scratch, 'go-cache') }
  if (works('go-libvirt', 'go', ['build', '-o', binary, './clients/go'], goEnv)) {
    const args = [values.socket ?? '', 'test:///default']
    clients.set('go-libvirt', () => BenchClient.start('go-libvirt', binary, args))
  }
  return clients
}

const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

/** One task for all clients in turn, round by round, so that a busy moment of the machine meets all alike. */
async function compare(
  title: string,
  task: string,
  count: number,
  clients: readonly BenchClient[],
  perSecond: boolean,
) {
  const samples = new Map(clients.map((client) => [client, [] as number[]]))
  for (const client of clients) await client.run(task, count)
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? clients : clients.toReversed()
    for (const client of order) samples.get(client)?.push(await client.run(task, count))
  }
  console.log(`\n${title}`)
  const ours = samples.get(clients[0] as BenchClient) ?? []
  for (const [client, ms] of samples) {
    const ratios = ms.map((each, i) => each / (ours[i] ?? each))
    const main = perSecond
      ? `${format((count / median(ms)) * 1000).padStart(8)} calls/s`
      : `${format(median(ms)).padStart(8)} ms`
    const against =
      client.name === OURS
        ? ''
        : `   ours ${perSecond ? `${format(median(ratios))} x as fast` : `takes ${format(1 / median(ratios))} x its time`}`
    console.log(`  ${client.name.padEnd(18)}${main}   p99 ${format(quantile(ms, 0.99))} ms${against}`)
  }
}

async function publish(connection: Connection, domain: DomainRef, stamp: bigint): Promise<void> {
  await connection.call(domainSetMetadata, {
    domain,
    type: MetadataType.ELEMENT,
    metadata: '<bench/>',
    key: 'bench',
    uri: `urn:bench:${stamp}`,
    flags: ModificationImpact.LIVE,
  })
}

/** The ages of the next `count` events, when the client has heard them all. */
async function hear(client: BenchClient, count: number): Promise<readonly number[]> {
  const ages: number[] = []
  const deadline = performance.now() + EVENTS_LATE_MS
  while (ages.length < count) {
    if (performance.now() > deadline)
      throw new Error(`${client.name} heard ${ages.length} of ${count} events`)
    ages.push(...(await client.ages()))
    await wait(5)
  }
  return ages
}

/** Both clients subscribe to the same event of the same daemon at once; who registers first changes every round. */
async function compareEvents(
  connection: Connection,
  domains: readonly DomainRef[],
  starters: readonly Starter[],
) {
  const PER_ROUND = 100
  const all = new Map<string, number[]>()
  const rounds = Math.ceil(EVENTS / PER_ROUND)
  let next = 0
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? starters : starters.toReversed()
    const pair: BenchClient[] = []
    for (const start of order) {
      const client = await start()
      pair.push(client)
      let subscribed = false
      const done = client.run('subscribe').then(() => (subscribed = true))
      while (!subscribed) {
        await publish(connection, domains[next++ % domains.length] as DomainRef, 0n)
        await wait(10)
      }
      await done
    }
    const publishMany = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await publish(connection, domains[next++ % domains.length] as DomainRef, process.hrtime.bigint())
        await wait(2)
      }
    }
    await publishMany(EVENTS_WARM_UP)
    await wait(EVENTS_SETTLE_MS)
    for (const client of pair) await client.ages()
    await publishMany(PER_ROUND)
    for (const client of pair) {
      all.set(client.name, [...(all.get(client.name) ?? []), ...(await hear(client, PER_ROUND))])
      await client[Symbol.asyncDispose]()
    }
  }
  const ours = all.get(OURS) ?? []
  for (const [name, ages] of [...all].sort(([a], [b]) => (a === OURS ? -1 : b === OURS ? 1 : 0))) {
    const ratio =
      name === OURS
        ? ''
        : `   ours ${format(median(ours) / median(ages))} x p50, ${format(quantile(ours, 0.99) / quantile(ages, 0.99))} x p99`
    console.log(
      `  ${name.padEnd(18)}p50 ${(median(ages) / 1000).toFixed(3)} ms   p99 ${(quantile(ages, 0.99) / 1000).toFixed(3)} ms   (${ages.length} events)${ratio}`,
    )
  }
}

await using connection = await connect(uri)
try {
  const starters = available()
  const domains = await startDomains(connection, Number(values.domains))
  console.log(
    `daemon ${connection.libraryVersion}, ${domains.length} domains of the test driver, ${ROUNDS} rounds`,
  )
  const clients = await Promise.all(Array.from(starters.values(), (start) => start()))
  const threaded = clients.filter(({ name }) => name !== 'virsh')
  await compare(`sequential calls (domain state, ${CALLS} a round)`, 'sequential', CALLS, clients, true)
  await compare(`5 calls in flight (${CALLS} a round)`, 'inflight', CALLS, threaded, true)
  await compare('statistics of all domains, one call', 'stats', 0, clients, false)
  await compare('list and XML of all domains (5 in flight: ours, go)', 'xml', 0, clients, false)
  for (const client of clients) await client[Symbol.asyncDispose]()
  const [ours, ...others] = [...starters.values()]
  for (const other of others) {
    console.log('\nage of an event in the callback, both subscribed at once')
    await compareEvents(connection, domains, [ours as Starter, other])
  }
  const { ms, params, bytes } = decodeRounds(DECODE_ROUNDS)
  console.log(`\ndecoding statistics of 1,000 domains x 16 vCPUs (${params} parameters, ${bytes} bytes)`)
  console.log(
    `  median ${format(median(ms))} ms, p99 ${format(quantile(ms, 0.99))} ms, first ${format(ms[0] ?? 0)} ms`,
  )
} finally {
  await endDomains(connection)
  rmSync(scratch, { recursive: true, force: true })
}
