import { describe, expect, it } from 'vitest'
import type { ConnectOptions } from '@coreshift/libvirt'
import { composedServer } from '../../test/composed-server.ts'

const CREDENTIALS = { username: 'coreshift', password: 'swordfish of the daemon' }

/** A server whose every connection fails after having asked for credentials, as a daemon with SASL would. */
async function serverThatAsks() {
  const asked: unknown[] = []
  const server = await composedServer({
    hosts: [],
    connect: async (_uri: string, { credentials }: ConnectOptions) => {
      asked.push(typeof credentials === 'function' ? await credentials() : credentials)
      throw new Error('this daemon answers nobody')
    },
  })
  return { server, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('the name and password for a daemon', () => {
  it('reach the connection, and no answer and no audit entry', async () => {
    await using setup = await serverThatAsks()
    const { server, asked } = setup
    const token = await server.tokenFor('admin')
    const body = { name: 'rack1', uri: 'qemu+tls://rack1/system', credentials: CREDENTIALS }
    const added = await server.call('POST', '/api/v1/hosts', { token, body })
    expect(added.status).toBe(201)
    const answers = [
      await added.text(),
      await (await server.call('GET', '/api/v1/hosts', { token })).text(),
      await (await server.call('GET', '/api/v1/audit', { token })).text(),
      await (await server.call('POST', '/api/v1/hosts/test', { token, body })).text(),
    ]
    expect(asked.slice(0, 2)).toEqual([CREDENTIALS, CREDENTIALS])
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ username: 'coreshift' })
    expect(answers.join()).not.toContain('swordfish')
    expect(JSON.stringify(server.problems)).not.toContain('swordfish')
  })

  it('can be changed and taken away: the host connects anew, and nothing shows the password', async () => {
    await using setup = await serverThatAsks()
    const { server, asked } = setup
    const token = await server.tokenFor('admin')
    const body = { name: 'rack1', uri: 'qemu+tls://rack1/system' }
    const added = await server.call('POST', '/api/v1/hosts', { token, body })
    const { id } = (await added.json()) as { id: string }
    expect(asked).toEqual([undefined])
    const change = (credentials: unknown): Promise<Response> =>
      server.call('PATCH', `/api/v1/hosts/${id}`, { token, body: { credentials } })

    const changed = await change(CREDENTIALS)
    const text = await changed.text()
    expect([changed.status, JSON.parse(text)]).toMatchObject([200, { id, username: 'coreshift' }])
    expect(text).not.toContain('swordfish')
    await expect.poll(() => asked).toEqual([undefined, CREDENTIALS])

    const taken = (await (await change(null)).json()) as object
    expect(taken).not.toHaveProperty('username')
    await expect.poll(() => asked).toEqual([undefined, CREDENTIALS, undefined])

    const audit = await (await server.call('GET', '/api/v1/audit', { token })).text()
    expect(audit).toContain('changed the name and password for host rack1.')
    expect(audit).toContain('took the name and password away for host rack1.')
    expect(audit).not.toContain('swordfish')
    expect((await change({ username: 'coreshift' })).status).toBe(400)
  })

  it('cannot be given to a host that is not there, or that the environment names', async () => {
    await using server = await composedServer({
      hosts: [{ name: 'fixed', uri: 'qemu:///system', source: 'environment' }],
      connect: () => Promise.reject(new Error('this daemon answers nobody')),
    })
    const token = await server.tokenFor('admin')
    const change = (id: string): Promise<Response> =>
      server.call('PATCH', `/api/v1/hosts/${id}`, { token, body: { credentials: CREDENTIALS } })
    expect((await change('nothing')).status).toBe(404)
    const refused = await change('fixed')
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('comes from CORESHIFT_HOSTS')
  })

  it('are none of the URI', async () => {
    await using setup = await serverThatAsks()
    const token = await setup.server.tokenFor('admin')
    const body = { name: 'rack1', uri: 'qemu+tls://ann:swordfish@rack1/system' }
    const refused = await setup.server.call('POST', '/api/v1/hosts', { token, body })
    expect(refused.status).toBe(400)
    expect(await refused.text()).not.toContain('swordfish')
    expect(setup.asked).toEqual([])
  })
})
