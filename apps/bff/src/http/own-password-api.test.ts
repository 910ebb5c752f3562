import { describe, expect, it } from 'vitest'
import { ended, liveServer, watch, type LiveTest } from '../../test/live-test.ts'
import { PASSWORD } from '../../test/platform.ts'
import { problemOf } from '../../test/problem-of.ts'

const NEXT = 'seven wet paper boats'

const change = (server: LiveTest, cookie: string, body: object): Promise<Response> =>
  server.call('PUT', '/api/v1/session/password', { cookie, body, headers: { Origin: server.url } })

const signIn = async (server: LiveTest, password: string): Promise<number> =>
  (await server.call('POST', '/api/v1/session', { body: { name: 'bob', password } })).status

describe('a new password of one’s own', () => {
  it('is in force at once, ends the other sessions and lets this one go on', async () => {
    await using server = await liveServer()
    const [here, elsewhere] = [await server.cookieFor('bob', 'viewer'), await server.cookieOf('bob')]
    const own = await server.connect({ headers: { Cookie: here, Origin: server.url } })
    const end = ended(await server.connect({ headers: { Cookie: elsewhere, Origin: server.url } }))
    expect((await change(server, here, { password: PASSWORD, next: NEXT })).status).toBe(204)

    expect((await end).reason).toBe('session-ended')
    expect((await server.call('GET', '/api/v1/vms', { cookie: elsewhere })).status).toBe(401)
    expect((await watch(own, 'fleet')).ok).toBe(true)
    expect((await server.call('GET', '/api/v1/vms', { cookie: here })).status).toBe(200)
    expect(await signIn(server, PASSWORD)).toBe(401)
    expect(await signIn(server, NEXT)).toBe(200)
  })

  it('is in the audit without a word of it', async () => {
    await using server = await liveServer()
    await change(server, await server.cookieFor('bob', 'viewer'), { password: PASSWORD, next: NEXT })
    const { items } = await server.audit.list({ action: 'user.password-changed' }, { limit: 2 })
    expect(items).toMatchObject([
      { actor: { name: 'bob' }, message: 'bob set a new password; their other sessions ended.' },
    ])
    expect(JSON.stringify(items)).not.toContain(NEXT)
  })

  it.each([
    ['a wrong present one', { password: 'not the one', next: NEXT }, 'password'],
    ['a short one', { password: PASSWORD, next: 'short' }, 'next'],
    ['a well-known one', { password: PASSWORD, next: 'password123' }, 'next'],
    ['the one that is in force', { password: PASSWORD, next: PASSWORD }, 'next'],
  ])('is refused with the field that is wrong: %s', async (_what, body, path) => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const problem = await problemOf(await change(server, cookie, body))
    expect(problem).toMatchObject({ code: 'invalid-request', issues: [{ path }] })
    expect(await signIn(server, PASSWORD)).toBe(200)
  })

  it('is nothing that a token has', async () => {
    await using server = await liveServer()
    const token = await server.tokenFor('admin')
    const body = { password: PASSWORD, next: NEXT }
    const answer = await server.call('PUT', '/api/v1/session/password', { token, body })
    expect((await problemOf(answer)).code).toBe('conflict')
  })

  it('cannot be guessed at an open browser: wrong ones make the account wait', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    let code = ''
    for (let attempt = 0; attempt < 20 && code !== 'rate-limited'; attempt += 1) {
      const answer = await change(server, cookie, { password: `guess ${attempt}`, next: NEXT })
      code = (await problemOf(answer)).code
    }
    expect(code).toBe('rate-limited')
  })
})
