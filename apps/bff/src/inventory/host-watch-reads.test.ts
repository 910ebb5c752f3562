import {
  connect,
  connectListAllDomains,
  domainDefineXmlFlags,
  domainGetXmlDesc,
  domainIsPersistent,
  type Connection,
} from '@coreshift/libvirt'
import { startDemo, type Demo } from '@coreshift/demo-host'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { HostWatch } from './host-watch.ts'
import { Moments } from './moments.ts'

let demo: Demo
let connection: Connection
let watch: HostWatch
let uuid: string
const moments = new Moments()
const told: DomainSnapshot[] = []

beforeEach(async () => {
  const vms = [{ name: 'web-1', os: 'debian-12' as const, sockets: 4, maxSockets: 8 }]
  demo = await startDemo({ listen: false, story: [{ name: 'lab', version: '12.8.0', vms }] })
  const [host] = demo.hosts
  if (!host) throw new Error('the demo has no host')
  connection = await connect(host.uri, { transport: () => host.open() })
  const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
  uuid = domains[0]?.uuid ?? ''
  told.length = 0
  watch = new HostWatch(
    {
      hostId: 'lab',
      connection,
      clock: systemClock,
      known: () => ({
        machine: { persistent: true, vcpuMax: 8 },
        enabled: new Set([0, 1, 2, 3]),
        busy: false,
      }),
      knownUuids: () => [uuid],
      moments,
    },
    {
      heard: () => undefined,
      read: (snapshot) => told.push(snapshot),
      absent: () => undefined,
      load: () => undefined,
      vcpuRemoved: () => undefined,
      removalFailed: () => undefined,
      agentChanged: () => undefined,
      synced: () => undefined,
      problem: (text, error) => {
        throw new Error(text, { cause: error })
      },
    },
  )
  await watch.start()
})

afterEach(async () => {
  watch.stop()
  await connection.close()
  await demo.stop()
})

describe('a look since a moment', () => {
  it('is the read that began later, whether that is over or under way', async () => {
    const before = moments.now
    const under = watch.reread(uuid)
    await watch.readSince(uuid, before)
    await under
    await watch.readSince(uuid, before)
    expect(told).toHaveLength(2)
  })

  it('is a new read where the last one began before', async () => {
    await watch.readSince(uuid, moments.now)
    expect(told).toHaveLength(2)
  })

  it('is the read behind the one that is under way and began before', async () => {
    const under = watch.reread(uuid)
    await watch.readSince(uuid, moments.now)
    await under
    expect(told).toHaveLength(3)
  })
})

describe('whether the definition is stored', () => {
  it('is asked for once, and again after an event about the stored definition', async () => {
    const call = vi.spyOn(connection, 'call')
    const asked = () => call.mock.calls.filter(([procedure]) => procedure === domainIsPersistent).length
    await watch.reread(uuid)
    expect(asked()).toBe(0)
    const { xml } = await connection.call(domainGetXmlDesc, { domain: { name: '', uuid, id: -1 }, flags: 2 })
    await connection.call(domainDefineXmlFlags, { xml, flags: 0 })
    await expect.poll(asked).toBe(1)
    await watch.reread(uuid)
    expect(asked()).toBe(1)
  })
})
