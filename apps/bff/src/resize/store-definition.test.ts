import {
  domainGetXmlDesc,
  domainLookupByName,
  XmlFlags,
  type Connection,
  type DomainRef,
} from '@coreshift/libvirt'
import type { VmSpec } from '@coreshift/demo-host'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDemo, type DemoConnection } from '../../test/demo-connection.ts'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { parseDomainXml } from '../inventory/parse-domain-xml.ts'
import { storeDefinition, type StoredWish } from './store-definition.ts'

let demo: DemoConnection
let connection: Connection

beforeAll(async () => {
  const names = ['count', 'fixed', 'chosen', 'room', 'plain', 'taken']
  const vms = names.map((name): VmSpec => ({
    name,
    os: 'rhel-9',
    sockets: 2,
    maxSockets: 4,
    ...(name !== 'plain' && { cores: 2 }),
    ...(name === 'plain' && { topology: false }),
    ...(name === 'fixed' && { boot: 'fixed' }),
    state: 'off',
  }))
  demo = await connectDemo(vms)
  connection = demo.connection
})

afterAll(() => demo[Symbol.asyncDispose]())

async function store(name: string, vcpus: number, wish: StoredWish) {
  const { domain } = await connection.call(domainLookupByName, { name })
  const session: DomainSession = { connection, domain, host: { id: 'lab', name: 'lab' } }
  const failure = await storeDefinition(session, vcpus, wish)
  return { failure, stored: await read(domain) }
}

async function read(domain: DomainRef) {
  const { xml } = await connection.call(domainGetXmlDesc, { domain, flags: XmlFlags.INACTIVE })
  const { vcpus, vcpuMax, topology } = parseDomainXml(xml)
  const present = vcpus.filter(({ enabled }) => enabled)
  return {
    present: present.map(({ id }) => id),
    removable: present.filter(({ hotpluggable }) => hotpluggable).map(({ id }) => id),
    vcpuMax,
    sockets: topology.sockets,
  }
}

describe('what is stored for the next boot', () => {
  it('is a number; what is added can be removed live after that boot', async () => {
    const { stored } = await store('count', 6, {})
    expect(stored).toMatchObject({ present: [0, 1, 2, 3, 4, 5], vcpuMax: 8 })
    expect(stored.removable).toEqual(expect.arrayContaining([4, 5]))
  })

  it('is fixed where the machine has no CPU hot-plug', async () => {
    const { stored } = await store('fixed', 6, { configRemovable: false })
    expect(stored).toMatchObject({ present: [0, 1, 2, 3, 4, 5], removable: [] })
  })

  it('loses just the vCPUs that were chosen', async () => {
    expect((await store('chosen', 2, { configRemove: [2, 3] })).stored.present).toEqual([0, 1])
  })

  it.each([
    { name: 'room', vcpus: 12, socketsMax: 6, vcpuMax: 12 },
    { name: 'plain', vcpus: 6, socketsMax: 6, vcpuMax: 6 },
  ])('gets more room in sockets of its own shape: $name', async ({ name, vcpus, socketsMax, vcpuMax }) => {
    const wish = { configSocketsMax: socketsMax }
    const first = await store(name, vcpus, wish)
    expect(first.failure).toBeUndefined()
    expect(first.stored).toMatchObject({ vcpuMax, sockets: socketsMax })
    expect(first.stored.present).toHaveLength(vcpus)
    expect(first.stored.removable).toEqual(expect.arrayContaining([vcpus - 1]))
    expect(await store(name, vcpus, wish)).toEqual(first)
  })

  it('is refused in the words of libvirt, which changes nothing', async () => {
    const { failure, stored } = await store('taken', 9, {})
    expect(failure).toMatchObject({ lost: false })
    expect(failure?.error.detail).toContain('virDomainSetVcpusFlags')
    expect(stored.present).toHaveLength(4)
  })
})
