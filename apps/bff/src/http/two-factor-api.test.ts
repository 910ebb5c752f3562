import { describe, expect, it } from 'vitest'
import { RecoveryCodes, Session, TwoFactorEnrolment } from '@coreshift/shared/contract'
import { ALICE, VM_UUID } from '../../test/examples.ts'
import { ended, liveServer } from '../../test/live-test.ts'
import { PASSWORD, cookieHeader } from '../../test/platform.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { codeOf, stepAt } from '../identity/totp.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function secretOf(base32: string): Buffer {
  const bits = Array.from(base32, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** An authenticator app in somebody's hand. */
interface App {
  /** @param stepsAway from now; the server takes one step around */
  code(stepsAway?: number): string
  readonly recovery: readonly string[]
}

const post = (server: TestServer, path: string, body: object, cookie?: string): Promise<Response> =>
  server.call('POST', `/api/v1${path}`, { body, ...(cookie === undefined ? {} : { cookie }) })

/** Enrols whom the cookie belongs to. The first code is of the step before, so that the one of now is unused. */
async function enrol(server: TestServer, cookie: string): Promise<App> {
  const answer = await post(server, '/two-factor/enrolment', { password: PASSWORD }, cookie)
  const { secret } = TwoFactorEnrolment.parse(await answer.json())
  const code = (away = 0): string => codeOf(secretOf(secret), stepAt(server.clock.now.getTime()) + away)
  const confirmed = await post(server, '/two-factor/confirmation', { code: code(-1) }, cookie)
  expect(confirmed.status).toBe(200)
  return { code, recovery: RecoveryCodes.parse(await confirmed.json()).codes }
}

interface Step {
  readonly status: number
  readonly session: Session | undefined
  readonly cookie: string
}

async function stepOf(response: Response): Promise<Step> {
  const body: unknown = await response.json()
  return {
    status: response.status,
    session: response.ok ? Session.parse(body) : undefined,
    cookie: cookieHeader(response.headers.getSetCookie().filter((one) => !one.includes('Max-Age=0'))),
  }
}

const signIn = async (server: TestServer, name = 'bob'): Promise<Step> =>
  stepOf(await post(server, '/session', { name, password: PASSWORD }))
const second = async (server: TestServer, cookie: string, code: string): Promise<Step> =>
  stepOf(await post(server, '/session/two-factor', { code }, cookie))

describe('the second step of a sign-in', () => {
  it('is asked for once an authenticator was confirmed, and nothing works before it', async () => {
    await using server = await testServer()
    const app = await enrol(server, await server.cookieFor('bob', 'operator'))
    expect(app.recovery).toHaveLength(10)
    const first = await signIn(server)
    expect(first).toMatchObject({ status: 200, session: { pending: 'two-factor-code' } })
    expect(first.session).not.toHaveProperty('user')
    expect(first.cookie).not.toContain('session_token')
    expect((await server.call('GET', '/api/v1/vms', { cookie: first.cookie })).status).toBe(401)
    const done = await second(server, first.cookie, app.code())
    expect(done).toMatchObject({ status: 200, session: { user: { name: 'bob', role: 'operator' } } })
    expect((await server.call('GET', '/api/v1/vms', { cookie: done.cookie })).status).toBe(200)
  })

  it('takes a code once, also when it comes twice at the same moment', async () => {
    await using server = await testServer()
    const app = await enrol(server, await server.cookieFor('bob', 'operator'))
    const [a, b] = [await signIn(server), await signIn(server)]
    const code = app.code()
    const both = await Promise.all([second(server, a.cookie, code), second(server, b.cookie, code)])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 401]))
    expect((await second(server, a.cookie, code)).status).toBe(401)
    expect((await second(server, a.cookie, app.code(-1))).status).toBe(401)
    expect((await second(server, a.cookie, app.code(1))).status).toBe(200)
  })

  it('takes each recovery code once, however it is written', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'operator')
    const { recovery } = await enrol(server, bob)
    const { cookie } = await signIn(server)
    const code = recovery[3] ?? ''
    expect((await second(server, cookie, code.toUpperCase().replaceAll('-', ' '))).status).toBe(200)
    expect((await second(server, cookie, code)).status).toBe(401)
    const status: unknown = await (await server.call('GET', '/api/v1/two-factor', { cookie: bob })).json()
    expect(status).toEqual({ available: true, enabled: true, required: false, recoveryCodesLeft: 9 })
    const renewed = await post(server, '/two-factor/recovery-codes', { password: PASSWORD }, bob)
    const fresh = RecoveryCodes.parse(await renewed.json()).codes
    expect((await second(server, cookie, recovery[5] ?? '')).status).toBe(401)
    expect((await second(server, cookie, fresh[5] ?? '')).status).toBe(200)
    const actions = (await server.audit.list({}, { limit: 20 })).items.map(({ action }) => action)
    for (const action of ['enabled', 'recovery-code-used', 'codes-renewed']) {
      expect(actions).toContain(`two-factor.${action}`)
    }
  })

  it('has to come soon, in the same browser, and with the same password still in force', async () => {
    await using server = await testServer()
    const app = await enrol(server, await server.cookieFor('bob', 'operator'))
    expect((await second(server, '', app.code())).status).toBe(401)
    const { cookie } = await signIn(server)
    expect((await second(server, `${cookie}x`, app.code())).status).toBe(401)
    expect((await second(server, `${cookie}; ${cookie}`, app.code())).status).toBe(401)
    const late = await signIn(server)
    server.clock.now = new Date(server.clock.now.getTime() + 300_000)
    expect((await second(server, late.cookie, app.code())).status).toBe(401)
    const changed = await signIn(server)
    const [bob] = await server.identity.accounts.list()
    await server.identity.accounts.change(bob?.id ?? '', { password: 'seven wet paper boats' }, ALICE)
    expect((await second(server, changed.cookie, app.code())).status).toBe(401)
  })

  it('makes an account wait after wrong codes, longer and longer, also for those sent side by side', async () => {
    await using server = await testServer()
    const app = await enrol(server, await server.cookieFor('bob', 'operator'))
    const { cookie } = await signIn(server)
    const wrong = await Promise.all(Array.from({ length: 12 }, () => second(server, cookie, '000000')))
    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(7)
    expect((await second(server, cookie, app.code())).status).toBe(429)
    server.clock.now = new Date(server.clock.now.getTime() + 30_000)
    expect((await second(server, cookie, app.code())).status).toBe(200)
    const refused = (await server.audit.list({ action: 'session.refused' }, { limit: 20 })).items
    expect(refused).toHaveLength(5)
  })

  it('is switched off with the password only, and by an administrator for somebody who lost it', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'operator')
    await enrol(server, bob)
    expect((await post(server, '/two-factor/disable', { password: 'wrong password' }, bob)).status).toBe(400)
    expect((await post(server, '/two-factor/disable', { password: PASSWORD }, bob)).status).toBe(204)
    expect((await signIn(server)).session).toMatchObject({ user: { name: 'bob' } })
    await enrol(server, bob)
    const id = (await server.identity.accounts.list())[0]?.id ?? ''
    const token = await server.tokenFor('admin')
    const reset = await server.call('DELETE', `/api/v1/users/${id}/two-factor`, { token })
    expect(reset.status).toBe(204)
    expect((await signIn(server)).session).toMatchObject({ user: { name: 'bob' } })
  })

  it('cannot be set up without the password, or a second time', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'operator')
    expect((await post(server, '/two-factor/enrolment', { password: 'wrong password' }, bob)).status).toBe(
      400,
    )
    expect((await post(server, '/two-factor/confirmation', { code: '000000' }, bob)).status).toBe(409)
    await enrol(server, bob)
    expect((await post(server, '/two-factor/enrolment', { password: PASSWORD }, bob)).status).toBe(409)
    const token = await server.tokenFor('admin')
    const byToken = await server.call('POST', '/api/v1/two-factor/enrolment', {
      token,
      body: { password: PASSWORD },
    })
    expect(byToken.status).toBe(409)
  })

  it('keeps passwords alone out of the oVirt door', async () => {
    await using server = await testServer()
    await enrol(server, await server.cookieFor('bob', 'operator'))
    const headers = { Authorization: `Basic ${Buffer.from(`bob@internal:${PASSWORD}`).toString('base64')}` }
    expect((await server.call('GET', '/ovirt-engine/api/vms', { headers })).status).toBe(403)
  })

  it('shows the key as a QR code of dark and light modules', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'operator')
    const answer = await post(server, '/two-factor/enrolment', { password: PASSWORD }, bob)
    const { qr, uri } = TwoFactorEnrolment.parse(await answer.json())
    expect(uri).toMatch(/^otpauth:\/\/totp\/Coreshift:bob\?secret=[A-Z2-7]{32}&issuer=Coreshift&/)
    expect(qr.every((row) => row.length === qr.length && /^[01]+$/.test(row))).toBe(true)
    // The finder pattern in the corner, inside the quiet zone.
    expect(qr.slice(4, 11).map((row) => row.slice(4, 11))).toEqual([
      '1111111',
      '1000001',
      '1011101',
      '1011101',
      '1011101',
      '1000001',
      '1111111',
    ])
  })

  it('is never stored or logged as it is', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'operator')
    const answer = await post(server, '/two-factor/enrolment', { password: PASSWORD }, bob)
    const { secret } = TwoFactorEnrolment.parse(await answer.json())
    const stored = await server.database.db.selectFrom('two_factor').selectAll().execute()
    const everything = JSON.stringify([stored, server.log])
    expect(everything).not.toContain(secret)
    expect(everything).not.toContain(secretOf(secret).toString('base64'))
    expect(everything).not.toContain(PASSWORD)
  })
})

describe('an administrator who requires authenticators', () => {
  it('leaves accounts without one nothing but to enrol', async () => {
    await using server = await testServer()
    const bob = await server.cookieFor('bob', 'admin')
    server.policy.twoFactorRequired = true
    const session = Session.parse(await (await server.call('GET', '/api/v1/session', { cookie: bob })).json())
    expect(session).toMatchObject({ user: { name: 'bob' }, pending: 'two-factor-enrolment' })
    for (const path of ['/vms', `/vms/${VM_UUID}`, '/audit', '/audit/export.csv', '/hosts', '/users']) {
      const refused = await server.call('GET', `/api/v1${path}`, { cookie: bob })
      expect(refused.status, path).toBe(403)
      expect(await refused.json(), path).toMatchObject({ code: 'two-factor-required' })
    }
    const headers = { Authorization: `Basic ${Buffer.from(`bob@internal:${PASSWORD}`).toString('base64')}` }
    expect((await server.call('GET', '/ovirt-engine/api/vms', { headers })).status).toBe(403)
    const token = await server.tokenFor('viewer')
    expect((await server.call('GET', '/api/v1/vms', { token })).status).toBe(200)
    await enrol(server, bob)
    expect((await server.call('GET', '/api/v1/vms', { cookie: bob })).status).toBe(200)
    expect((await post(server, '/two-factor/disable', { password: PASSWORD }, bob)).status).toBe(409)
  })

  it('ends the live connections of accounts without one, and of no other', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const client = await server.connect({ headers: { Cookie: cookie, Origin: server.url } })
    const program = await server.clientFor('viewer')
    const end = ended(client)
    const settings = { ...server.services.settings.current(), twoFactorRequired: true }
    server.policy.twoFactorRequired = true
    await server.services.settings.replace(settings, ALICE)
    expect((await end).reason).toBe('session-ended')
    expect(program.connected).toBe(true)
    const again = await server.connect({ headers: { Cookie: cookie, Origin: server.url } })
    expect(await again.emitWithAck('watch', { topic: 'fleet' })).toMatchObject({ code: 'not-permitted' })
  })
})
