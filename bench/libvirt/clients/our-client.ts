import { createInterface } from 'node:readline'
import {
  connect,
  connectGetAllDomainStats,
  connectListAllDomains,
  domainGetState,
  domainGetXmlDesc,
  metadataChange,
} from '../../../packages/libvirt/src/index.ts'

// packages/libvirt behind the bench's line protocol: one command a line, one line of JSON as the answer.

const connection = await connect(process.argv[2] ?? '')
const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
const domain = domains[0]
if (domain === undefined) throw new Error('the daemon has no domain')
const agesUs: number[] = []

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
const inFlight = async (work: () => Promise<boolean>): Promise<void> => {
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      while (await work());
    }),
  )
}

const tasks: Record<string, (count: number) => Promise<void>> = {
  async sequential(count) {
    for (let i = 0; i < count; i++) await connection.call(domainGetState, { domain, flags: 0 })
  },
  async inflight(count) {
    let left = count
    await inFlight(async () => {
      if (left-- <= 0) return false
      await connection.call(domainGetState, { domain, flags: 0 })
      return true
    })
  },
  async stats() {
    await connection.call(connectGetAllDomainStats, { domains: [], stats: 0, flags: 0 })
  },
  async xml() {
    const all = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
    const left = [...all.domains]
    await inFlight(async () => {
      const next = left.pop()
      if (next === undefined) return false
      await connection.call(domainGetXmlDesc, { domain: next, flags: 0 })
      return true
    })
  },
  async subscribe() {
    await connection.subscribe(metadataChange, ({ uri }) => {
      const now = process.hrtime.bigint()
      if (uri?.startsWith('urn:bench:') === true) agesUs.push(Number(now - BigInt(uri.slice(10))) / 1000)
    })
  },
}

say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', count = '0'] = line.split(' ')
  if (name === 'ages') {
    say(agesUs.splice(0))
    continue
  }
  const task = tasks[name]
  if (task === undefined) throw new Error(`no task ${name}`)
  const startedAt = performance.now()
  await task(Number(count))
  say(performance.now() - startedAt)
}
await connection.close()
