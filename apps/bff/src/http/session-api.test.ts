import { describe, expect, it } from 'vitest'
import { Session } from '@coreshift/shared/contract'
import { PASSWORD, cookieHeader } from '../../test/platform.ts'
import { problemOf } from '../../test/problem-of.ts'
import { testServer } from '../../test/test-server.ts'

describe('first run and session', () => {
  it('goes from the one-time link to a signed-in administrator and out again', async () => {
    await using server = await testServer()
    const before = Session.parse(await (await server.call('GET', '/api/v1/session')).json())
    expect(before).toEqual({ firstRun: true, demo: false, version: '0.0.0-test' })

    const token = await server.identity.accounts.firstRunToken()
    const body = { token, name: 'alice', password: PASSWORD }
    const created = await server.call('POST', '/api/v1/first-run', { body })
    expect(created.status).toBe(201)
    const session = Session.parse(await created.json())
    expect(session).toMatchObject({ user: { name: 'alice', role: 'admin' }, firstRun: false })
    const cookie = cookieHeader(created.headers.getSetCookie())
    expect(
      Session.parse(await (await server.call('GET', '/api/v1/session', { cookie })).json()).user?.name,
    ).toBe('alice')

    expect((await problemOf(await server.call('POST', '/api/v1/first-run', { body }))).code).toBe(
      'not-permitted',
    )

    const out = await server.call('DELETE', '/api/v1/session', { cookie })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie().join()).toMatch(/Max-Age=0/i)
    expect((await server.call('GET', '/api/v1/vms', { cookie })).status).toBe(401)
  })

  it('signs in with name and password', async () => {
    await using server = await testServer()
    await server.cookieFor('bob', 'operator')
    const right = await server.call('POST', '/api/v1/session', { body: { name: 'bob', password: PASSWORD } })
    expect(right.status).toBe(200)
    expect(Session.parse(await right.json()).user?.role).toBe('operator')
    const wrong = await server.call('POST', '/api/v1/session', {
      body: { name: 'bob', password: 'wrong password' },
    })
    expect((await problemOf(wrong)).code).toBe('unauthenticated')
  })

  it('limits wrong attempts from one address over all names', async () => {
    await using server = await testServer()
    let status = 0
    for (let attempt = 0; attempt < 40 && status !== 429; attempt += 1) {
      const body = { name: `guess-${attempt}`, password: '' }
      const response = await server.call('POST', '/api/v1/session', { body })
      await response.arrayBuffer()
      status = response.status
    }
    expect(status).toBe(429)
  })

  it('tells a password to no log line', async () => {
    await using server = await testServer()
    await server.call('POST', '/api/v1/session', { body: { name: 'bob', password: 'hunter2-hunter2' } })
    await server.call('GET', '/api/v1/vms', { token: 'cst_secret-token-value' })
    const lines = server.log.join('')
    expect(lines).toContain('/session')
    expect(lines).not.toContain('hunter2')
    expect(lines).not.toContain('secret-token-value')
  })
})
