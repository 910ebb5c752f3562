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
