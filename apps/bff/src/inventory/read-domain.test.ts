import { connectListAllDomains, domainDestroyFlags, type Connection } from '@coreshift/libvirt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDemo, type DemoConnection } from '../../test/demo-connection.ts'
import { DefinitionCache } from './definition-cache.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { readDomain, type ExpectedMachine } from './read-domain.ts'

let demo: DemoConnection
let connection: Connection

beforeEach(async () => {
  demo = await connectDemo([{ name: 'web-1', os: 'debian-12', sockets: 4, maxSockets: 8 }])
  connection = demo.connection
})

afterEach(() => demo[Symbol.asyncDispose]())

async function domain() {
  const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
  const [only] = domains
  if (!only) throw new Error('the host has no domain')
  return only
}

async function read(expected?: ExpectedMachine): Promise<DomainSnapshot | undefined> {
  return readDomain(connection, await domain(), 'lab', new DefinitionCache(), () => 0, expected)
}

describe('a read of a domain', () => {
  it.each([
    ['as it was expected', { persistent: true, vcpuMax: 8 }],
    ['with another maximum than expected', { persistent: true, vcpuMax: 2 }],
  ])('says the same of a machine that is %s', async (_title, expected) => {
    const plain = await read()
    expect(plain).toMatchObject({ status: 'up', persistent: true, config: { vcpuMax: 8 } })
    expect(plain?.hostCpus.size).toBe(4)
    expect(await read(expected)).toEqual(plain)
  })

  it('says that a machine is off which was expected to run', async () => {
    await connection.call(domainDestroyFlags, { domain: await domain(), flags: 0 })
    const off = await read({ persistent: true, vcpuMax: 8 })
    expect(off).toEqual(await read())
    expect(off).toMatchObject({ status: 'down', domainId: -1 })
  })
})
