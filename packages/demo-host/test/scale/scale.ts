// Prints what a large fleet and the demo cost: `npm run scale -w @coreshift/demo-host`.
import {
  connect,
  connectGetAllDomainStats,
  connectListAllDomains,
  domainGetXmlDesc,
  domainSetVcpusFlags,
  vcpuRemoved,
} from '@coreshift/libvirt'
import type { VmSpec } from '../../src/index.ts'

const VMS = 10_000
const WIDE_VCPUS = 4096
const SIZES = [4, 8, 16, 32, 64]
/** Domains per statistics request; libvirt's own client stays far below its limit of 16,384. */
const CHUNK = 1000

const startedAt = performance.now()
const rssBefore = process.memoryUsage().rss
const { startDemo } = await import('../../src/index.ts')
const say = (what: string): void => {
  const { rss, heapUsed } = process.memoryUsage()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  console.log(`${seconds.padStart(6)} s  rss ${mb(rss)}, heap ${mb(heapUsed)}  ${what}`)
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await work()
  say(`${what}: ${(performance.now() - before).toFixed(0)} ms`)
  return result
}

function manyVms(): VmSpec[] {
  return Array.from({ length: VMS }, (_, i) => {
    const maxSockets = SIZES[i % SIZES.length] ?? 4
    return {
      name: `vm-${String(i).padStart(5, '0')}`,
      os: 'debian-12',
      sockets: Math.max(1, maxSockets / 2),
      maxSockets,
      agent: i % 4 === 0 ? 'present' : 'absent',
    }
  })
}

async function demoFleet(): Promise<void> {
  const demo = await startDemo()
  const ms = performance.now() - startedAt
  const more = (process.memoryUsage().rss - rssBefore) / 1e6
  say(`the demo fleet is up, ${ms.toFixed(0)} ms and ${more.toFixed(0)} MB with the loading of its code`)
  await demo.stop()
}

async function largeFleet(): Promise<void> {
  const wide: VmSpec = { name: 'wide', os: 'debian-12', sockets: WIDE_VCPUS, maxSockets: WIDE_VCPUS }
  const vms = [...manyVms(), wide]
  const demo = await timed(`${VMS} VMs and one with ${WIDE_VCPUS} vCPUs are up`, () =>
    startDemo({ story: [{ name: 'large', version: '12.8.0', vms }] }),
  )
  const uri = demo.hosts[0]?.uri ?? ''
  const connection = await connect(uri, { timeoutMs: 60_000, callTimeoutMs: 120_000 })
  const { domains } = await timed('list', () =>
    connection.call(connectListAllDomains, { needResults: 1, flags: 0 }),
  )
  await timed('statistics of all, by the thousand', async () => {
    for (let at = 0; at < domains.length; at += CHUNK) {
      await connection.call(connectGetAllDomainStats, {
        domains: domains.slice(at, at + CHUNK),
        stats: 0,
        flags: 0,
      })
    }
  })
  await timed('live XML of 1000', async () => {
    for (const domain of domains.slice(0, CHUNK))
      await connection.call(domainGetXmlDesc, { domain, flags: 0 })
  })
  const target = domains.find(({ name }) => name === 'wide')
  if (target === undefined) throw new Error('the wide VM is missing')
  const { xml } = await timed(`live XML of ${WIDE_VCPUS} vCPUs`, () =>
    connection.call(domainGetXmlDesc, { domain: target, flags: 0 }),
  )
  say(`that XML has ${xml.length} characters`)
  let removed = 0
  const all = Promise.withResolvers<void>()
  await connection.subscribe(vcpuRemoved, () => {
    removed++
    if (removed === WIDE_VCPUS - 1) all.resolve()
  })
  await timed(`${WIDE_VCPUS} vCPUs down to one, asynchronously, with an event each`, async () => {
    await connection.call(domainSetVcpusFlags, { domain: target, count: 1, flags: 33 })
    await all.promise
  })
  await timed('500 resizes of different VMs at once', async () => {
    const chosen = domains.filter((_, i) => i % 20 === 3).slice(0, 500)
    await Promise.all(
      chosen.map((domain) =>
        connection.call(domainSetVcpusFlags, { domain, count: 1, flags: 33 }).catch(() => undefined),
      ),
    )
  })
  globalThis.gc?.()
  say('after a collection')
  await connection.close()
  await demo.stop()
}

await demoFleet()
await largeFleet()
