import {
  connectListAllDomains,
  domainDefineXmlFlags,
  domainGetXmlDesc,
  domainIsPersistent,
  type Connection,
} from '@coreshift/libvirt'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectDemo, type DemoConnection } from '../../test/demo-connection.ts'
import { systemClock } from '../clock.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { HostWatch } from './host-watch.ts'
import { Moments } from './moments.ts'

let demo: DemoConnection
let connection: Connection
let watch: HostWatch
let uuid: string
const moments = new Moments()
const told: DomainSnapshot[] = []

beforeEach(async () => {
  demo = await connectDemo([{ name: 'web-1', os: 'debian-12', sockets: 4, maxSockets: 8 }])
  connection = demo.connection
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
  await demo[Symbol.asyncDispose]()
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
