import { describe, expect, it } from 'vitest'
import { PASSWORD } from '../../test/platform.ts'
import { problemOf } from '../../test/problem-of.ts'
import { testServer } from '../../test/test-server.ts'

describe('settings, users, tokens and hosts', () => {
  it('are kept, and every change is audited', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('admin')
    const settings = (await (await server.call('GET', '/api/v1/settings', { token })).json()) as object
    const changed = { ...settings, unplugEnabled: false }
    expect(await (await server.call('PUT', '/api/v1/settings', { token, body: changed })).json()).toEqual(
      changed,
    )
    const user = { name: 'carol', password: PASSWORD, role: 'viewer' }
    expect((await server.call('POST', '/api/v1/users', { token, body: user })).status).toBe(201)
    const weak = await server.call('POST', '/api/v1/users', {
      token,
      body: { ...user, password: 'password123' },
    })
    expect((await problemOf(weak)).issues?.[0]?.path).toBe('password')
    const made = await server.call('POST', '/api/v1/tokens', { token, body: { name: 'ci', role: 'viewer' } })
    const { token: created, secret } = (await made.json()) as { token: { id: string }; secret: string }
    expect((await server.call('GET', '/api/v1/vms', { token: secret })).status).toBe(200)
    expect((await server.call('DELETE', `/api/v1/tokens/${created.id}`, { token })).status).toBe(204)
    expect((await server.call('GET', '/api/v1/vms', { token: secret })).status).toBe(401)
    const host = { name: 'rack2', uri: 'qemu+tls://rack2/system' }
    expect((await server.call('POST', '/api/v1/hosts', { token, body: host })).status).toBe(201)
    expect((await server.call('POST', '/api/v1/hosts', { token, body: host })).status).toBe(409)
    expect((await server.call('DELETE', '/api/v1/hosts/rack2', { token })).status).toBe(204)
    const actions = (await server.audit.list({}, { limit: 50 })).items.map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['settings.changed', 'user.created', 'token.created', 'token.revoked']),
    )
  })
})
