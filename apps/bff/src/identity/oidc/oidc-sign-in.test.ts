import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALICE } from '../../../test/examples.ts'
import { oidcProvider, type TestOidcProvider } from '../../../test/oidc-provider.ts'
import { PASSWORD, cookieHeader } from '../../../test/platform.ts'
import { testServer, type TestServer } from '../../../test/test-server.ts'

let provider: TestOidcProvider
beforeAll(async () => {
  provider = await oidcProvider()
})
afterAll(() => provider.stop())

const ANN = { preferred_username: 'ann', email: 'ann@example.org', email_verified: true, groups: ['vm-team'] }

const serverWith = (...changes: Parameters<TestOidcProvider['settings']>): Promise<TestServer> =>
  testServer({ oidc: provider.settings(...changes) })

interface Begun {
  readonly address: URL
  readonly cookie: string
}

async function begin(server: TestServer, next = '/'): Promise<Begun> {
  const response = await server.call('GET', `/api/v1/oidc/sign-in?next=${encodeURIComponent(next)}`, {
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
  const address = new URL(response.headers.get('location') ?? '', server.url)
  return { address, cookie: cookieHeader(response.headers.getSetCookie()) }
}

interface Back {
  readonly location: string
  readonly cookie: string
}

async function comeBack(server: TestServer, returned: URL, cookie?: string): Promise<Back> {
  const response = await server.call('GET', returned.pathname + returned.search, {
    redirect: 'manual',
    ...(cookie === undefined ? {} : { cookie }),
  })
  expect(response.status).toBe(303)
  return {
    location: response.headers.get('location') ?? '',
    cookie: cookieHeader(response.headers.getSetCookie().filter((one) => one.includes('session_token'))),
  }
}

async function signIn(server: TestServer, claims: object, subject = 'subject-1'): Promise<Back> {
  provider.signs(subject, claims)
  const { address, cookie } = await begin(server)
  return comeBack(server, await provider.walk(address), cookie)
}

async function sessionOf(server: TestServer, { cookie }: Back): Promise<unknown> {
  return (await server.call('GET', '/api/v1/session', { cookie })).json()
}

const REFUSED = /^\/sign-in\?problem=/

describe('signing in at an OIDC provider', () => {
  it('is offered on the sign-in page where one is configured', async () => {
    await using server = await serverWith()
    const options: unknown = await (await server.call('GET', '/api/v1/sign-in-options')).json()
    expect(options).toMatchObject({ oidc: { name: 'Example', href: '/api/v1/oidc/sign-in' } })
    await using plain = await testServer()
    expect(await (await plain.call('GET', '/api/v1/sign-in-options')).json()).not.toHaveProperty('oidc')
    expect((await plain.call('GET', '/api/v1/oidc/sign-in')).status).toBe(404)
  })

  it('creates an account with the mapped role at the first time and finds it at the second', async () => {
    await using server = await serverWith()
    const first = await signIn(server, ANN)
    expect(first.location).toBe('/')
    expect(await sessionOf(server, first)).toMatchObject({ user: { name: 'ann', role: 'operator' } })
    await signIn(server, { ...ANN, preferred_username: 'ann-married' })
    expect(await server.identity.accounts.list()).toMatchObject([
      { name: 'ann', source: 'oidc', twoFactor: false },
    ])
    const actions = (await server.audit.list({}, { limit: 9 })).items.map(({ action }) => action)
    expect(actions).toEqual(['session.signed-in', 'session.signed-in', 'user.created'])
  })

  it('gives the default role without a mapped one, and follows the provider at every sign-in', async () => {
    await using server = await serverWith()
    expect(await sessionOf(server, await signIn(server, { ...ANN, groups: [] }))).toMatchObject({
      user: { role: 'viewer' },
    })
    expect(await sessionOf(server, await signIn(server, ANN))).toMatchObject({ user: { role: 'operator' } })
  })

  it('comes back to where it began, and to no other site', async () => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    for (const [next, location] of [
      ['/vms/1?tab=history', '/vms/1?tab=history'],
      ['//evil.example', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example', '/'],
      ['/x\r\nSet-Cookie: a=b', '/'],
    ] as const) {
      const { address, cookie } = await begin(server, next)
      expect((await comeBack(server, await provider.walk(address), cookie)).location, next).toBe(location)
    }
  })

  it('uses PKCE, state and nonce, new each time', async () => {
    await using server = await serverWith()
    const seen = [await begin(server), await begin(server)].map(({ address }) => address.searchParams)
    for (const parameters of seen) {
      expect(parameters.get('code_challenge_method')).toBe('S256')
      expect(parameters.get('redirect_uri')).toBe(`${server.url}/api/v1/oidc/callback`)
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const values = seen.map((parameters) => parameters.get(name) ?? '')
      expect(new Set(values).size, name).toBe(2)
      expect(Math.min(...values.map((value) => value.length)), name).toBeGreaterThanOrEqual(43)
    }
  })

  it('refuses an answer that another browser began', async () => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    const mine = await begin(server)
    const returned = await provider.walk(mine.address)
    expect((await comeBack(server, returned)).location).toBe('/sign-in?problem=oidc-expired')
    const theirs = await begin(server)
    const foreign = await comeBack(server, returned, theirs.cookie)
    expect(foreign).toEqual({ location: '/sign-in?problem=oidc-refused', cookie: '' })
    expect(await server.identity.accounts.list()).toEqual([])
  })

  it.each<readonly [string, (returned: URL) => void]>([
    ['another state', (returned) => returned.searchParams.set('state', 'x')],
    ['no state', (returned) => returned.searchParams.delete('state')],
    ['another issuer', (returned) => returned.searchParams.set('iss', 'https://evil.example')],
    ['a made-up code', (returned) => returned.searchParams.set('code', 'x')],
    ['no code', (returned) => returned.searchParams.delete('code')],
    ['two states', (returned) => returned.searchParams.append('state', 'x')],
  ])('refuses an answer with %s', async (_what, change) => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    const { address, cookie } = await begin(server)
    const returned = await provider.walk(address)
    change(returned)
    const response = await server.call('GET', returned.pathname + returned.search, {
      cookie,
      redirect: 'manual',
    })
    expect([303, 400]).toContain(response.status)
    if (response.status === 303) expect(response.headers.get('location')).toMatch(REFUSED)
    expect(response.headers.getSetCookie().join()).not.toContain('session_token')
    expect(await server.identity.accounts.list()).toEqual([])
  })

  it('refuses an answer that was used before', async () => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    const { address, cookie } = await begin(server)
    const returned = await provider.walk(address)
    expect((await comeBack(server, returned, cookie)).location).toBe('/')
    expect((await comeBack(server, returned, cookie)).location).toBe('/sign-in?problem=oidc-refused')
  })

  it('refuses an answer whose nonce or PKCE verifier is another one', async () => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    for (const name of ['nonce', 'code_challenge']) {
      const { address, cookie } = await begin(server)
      address.searchParams.set(name, 'A'.repeat(43))
      const back = await comeBack(server, await provider.walk(address), cookie)
      expect(back.location, name).toBe('/sign-in?problem=oidc-refused')
    }
  })

  it('refuses an answer that comes too late', async () => {
    await using server = await serverWith()
    provider.signs('subject-1', ANN)
    const { address, cookie } = await begin(server)
    const returned = await provider.walk(address)
    server.clock.now = new Date(server.clock.now.getTime() + 600_000)
    expect((await comeBack(server, returned, cookie)).location).toBe('/sign-in?problem=oidc-expired')
  })

  it('refuses other domains, people without a role and disabled accounts, and audits each', async () => {
    await using server = await serverWith({ allowedDomains: ['example.org'] }, 'defaultRole')
    const outside = '/sign-in?problem=oidc-not-allowed'
    expect((await signIn(server, { ...ANN, email: 'ann@evil.example' })).location).toBe(outside)
    expect((await signIn(server, { ...ANN, groups: ['others'] })).location).toBe(outside)
    expect((await signIn(server, ANN)).location).toBe('/')
    const [ann] = await server.identity.accounts.list()
    await server.identity.accounts.change(ann?.id ?? '', { disabled: true }, ALICE)
    expect((await signIn(server, ANN)).location).toBe(outside)
    const refused = (await server.audit.list({ action: 'session.refused' }, { limit: 9 })).items
    expect(refused).toHaveLength(3)
  })

  it('never takes a local account of the same name for the same person', async () => {
    await using server = await serverWith()
    await server.identity.accounts.create({ name: 'ann', password: PASSWORD, role: 'admin' }, ALICE)
    expect(await sessionOf(server, await signIn(server, ANN))).toMatchObject({
      user: { name: 'ann@example.org', role: 'operator' },
    })
    const other = await signIn(server, { preferred_username: 'ann', groups: ['vm-team'] }, 'subject-2')
    expect(other.location).toBe('/sign-in?problem=oidc-name-taken')
  })

  it('has no password here that could be set or used', async () => {
    await using server = await serverWith()
    await signIn(server, ANN)
    const [ann] = await server.identity.accounts.list()
    await expect(
      server.identity.accounts.change(ann?.id ?? '', { password: PASSWORD }, ALICE),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(await server.identity.accounts.verifyPassword('ann', PASSWORD)).toBeUndefined()
  })

  it('says so when the provider cannot be reached', async () => {
    await using server = await serverWith({ issuer: 'http://127.0.0.1:9' })
    const { address } = await begin(server)
    expect(address.pathname + address.search).toBe('/sign-in?problem=oidc-unavailable')
    expect(server.problems).not.toEqual([])
  })

  it('says so when the person or the provider refuses', async () => {
    await using server = await serverWith()
    const { address, cookie } = await begin(server)
    const returned = new URL('/api/v1/oidc/callback', server.url)
    returned.searchParams.set('error', 'access_denied')
    returned.searchParams.set('state', address.searchParams.get('state') ?? '')
    returned.searchParams.set('iss', provider.issuer)
    expect((await comeBack(server, returned, cookie)).location).toBe('/sign-in?problem=oidc-refused')
  })
})
