import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connect,
  type Connection,
  connectListAllDomains,
  domainSetMetadata,
  MetadataType,
  metadataChange,
  parseLibvirtUri,
} from '../../../src/index.ts'
import { type PrivateSshd, startPrivateSshd } from '../support/private-sshd.ts'
import { realUri } from '../support/real-host.ts'

let sshd: PrivateSshd

beforeAll(async () => {
  sshd = await startPrivateSshd()
})
afterAll(() => sshd[Symbol.asyncDispose]())

function open(parameters: Record<string, string>, driver = 'qemu', path = '/system'): Promise<Connection> {
  const query = new URLSearchParams({ no_tty: '1', ...parameters }).toString().replaceAll('+', '%20')
  return connect(`${driver}+ssh://${sshd.user}@127.0.0.1:${sshd.port}${path}?${query}`, { timeoutMs: 60_000 })
}
const trusted = () => ({ keyfile: sshd.keyfile, known_hosts: sshd.knownHosts })

describe('ssh to a real sshd', () => {
  it('reaches the daemon through virt-ssh-helper, calls and events alike', async () => {
    await using connection = await open(trusted(), 'test', '/default')
    const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
    const domain = domains[0]
    if (domain === undefined) throw new Error('the test driver has no domain')
    await using changes = connection.events(metadataChange)
    await changes.ready
    const element = { metadata: '<x/>', key: 'x', uri: 'urn:ssh-test' }
    await connection.call(domainSetMetadata, { domain, type: MetadataType.ELEMENT, ...element, flags: 0 })
    expect((await changes.next()).value).toMatchObject({ uri: 'urn:ssh-test' })
  })

  it('reaches the socket that it is given through netcat', async () => {
    const socket = parseLibvirtUri(realUri()).socket ?? ''
    const netcat = join(dirname(sshd.keyfile), 'a netcat')
    await using connection = await open({ ...trusted(), netcat, socket })
    expect(connection.driver).toBe('QEMU')
  })

  it('says what ssh said when it is not let in', async () => {
    const known = open({ keyfile: '/nowhere', known_hosts: sshd.knownHosts })
    await expect(known).rejects.toMatchObject({
      kind: 'transport',
      message: expect.stringContaining('denied'),
    })
  })

  it('does not trust a host that it does not know, unless told to', async () => {
    const { keyfile } = sshd
    const stranger = open({ keyfile, known_hosts: '/dev/null' })
    await expect(stranger).rejects.toMatchObject({
      kind: 'transport',
      message: expect.stringContaining('Host key verification failed'),
    })
    await using connection = await open({ keyfile, no_verify: '1' })
    expect(connection.driver).toBe('QEMU')
  })

  it('says that the program is missing', async () => {
    const missing = open({ command: '/nowhere/ssh' })
    await expect(missing).rejects.toMatchObject({
      kind: 'transport',
      message: expect.stringContaining('/nowhere/ssh'),
    })
  })
})
