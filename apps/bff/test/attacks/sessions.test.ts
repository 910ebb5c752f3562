import { describe, expect, it } from 'vitest'
import { ALICE, VM_UUID } from '../examples.ts'
import { PASSWORD, cookieHeader, signIn } from '../platform.ts'
import { testServer } from '../test-server.ts'

const VM = `/api/v1/vms/${VM_UUID}`

describe('session fixation', () => {
  it('a cookie that was planted before the sign-in never becomes a session', async () => {
    await using server = await testServer()
    await server.identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const attacker = await server.cookieFor('eve', 'viewer')
    for (const planted of [attacker, 'coreshift.session_token=known-to-eve.AAAA']) {
      const response = await server.call('POST', '/api/v1/session', {
        cookie: planted,
        body: { name: 'bob', password: PASSWORD },
      })
      const cookie = cookieHeader(response.headers.getSetCookie())
      expect(cookie).not.toBe(planted)
      expect((await server.identity.authenticate({ cookie }))?.name).toBe('bob')
      expect((await server.identity.authenticate({ cookie: planted }))?.name).not.toBe('bob')
    }
  })

  it('each sign-in is a session of its own', async () => {
    await using server = await testServer()
    await server.identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const cookies = [await server.cookieOf('bob'), await server.cookieOf('bob')]
    expect(new Set(cookies).size).toBe(2)
  })

  it('the cookie is out of reach of scripts and other sites', async () => {
    await using server = await testServer()
    await server.identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const { cookies } = await signIn(server.identity, 'bob')
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=(Lax|Strict)/)
  })
})

describe('replay', () => {
  it.each(['cookie', 'token'] as const)('of a %s that ended is refused at every door', async (kind) => {
    await using server = await testServer()
    let headers: Record<string, string>
    if (kind === 'cookie') {
      const cookie = await server.cookieFor('bob', 'operator')
      headers = { Cookie: cookie }
      expect((await server.call('GET', VM, { headers })).status).toBe(200)
      expect((await server.call('DELETE', '/api/v1/session', { headers })).status).toBe(204)
    } else {
      const made = await server.identity.tokens.create({ name: 'ci', role: 'operator' }, ALICE)
      headers = { Authorization: `Bearer ${made.secret}` }
      expect((await server.call('GET', VM, { headers })).status).toBe(200)
      await server.identity.tokens.revoke(made.token.id, ALICE)
    }
    for (const path of [VM, '/api/v1/audit/export.jsonl', '/ovirt-engine/api/vms', '/api/v1/sessions']) {
      expect((await server.call('GET', path, { headers })).status, path).toBe(401)
    }
    const change = await server.call('PATCH', VM, { headers, body: { description: 'x' } })
    expect(change.status).toBe(401)
    expect(server.doors.changes).toEqual([])
  })

  it('a token that is not valid is not made up for by a cookie', async () => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    expect((await server.call('GET', VM, { cookie, token: 'cst_nothing' })).status).toBe(401)
  })
})
