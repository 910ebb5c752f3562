import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { ALICE } from '../../test/examples.ts'
import { PASSWORD, cookieHeader, signIn, testPlatform } from '../../test/platform.ts'
import type { IdentityEnd } from './identity.ts'

const CONTEXT = { address: '192.0.2.7', requestId: 'r-1' }

describe.each(DATABASE_KINDS)('identity on %s', (kind) => {
  it('creates the first administrator with the one-time link, once', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    expect(await identity.accounts.firstRun()).toBe(true)
    const link = (await identity.accounts.firstRunToken()) ?? ''
    const user = await identity.accounts.createFirst(link, { name: 'Alice', password: PASSWORD })
    expect(user).toMatchObject({ name: 'Alice', role: 'admin', disabled: false })
    expect(await identity.accounts.firstRun()).toBe(false)
    expect(await identity.accounts.firstRunToken()).toBeUndefined()
    await expect(
      identity.accounts.createFirst(link, { name: 'Eve', password: PASSWORD }),
    ).rejects.toMatchObject({
      code: 'not-permitted',
    })
  })

  it('refuses a link that is not the newest one, or that came too late', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const old = (await identity.accounts.firstRunToken()) ?? ''
    const fresh = (await identity.accounts.firstRunToken()) ?? ''
    await expect(identity.accounts.createFirst(old, { name: 'Eve', password: PASSWORD })).rejects.toThrow(
      /not valid/,
    )
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    await expect(identity.accounts.createFirst(fresh, { name: 'Eve', password: PASSWORD })).rejects.toThrow(
      /not valid/,
    )
  })

  it('lets only one of two simultaneous first runs win', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const link = (await identity.accounts.firstRunToken()) ?? ''
    const results = await Promise.allSettled(
      ['alice', 'eve'].map((name) => identity.accounts.createFirst(link, { name, password: PASSWORD })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await identity.accounts.list()).toHaveLength(1)
  })

  it('signs in by name in any case, and the cookie is the identity until the sign-out', async () => {
    await using test = await testDatabase(kind)
    const { identity, audit } = await testPlatform(test.database)
    await identity.accounts.create({ name: 'Bob', password: PASSWORD, role: 'operator' }, ALICE)
    const { cookies, identity: bob } = await signIn(identity, 'bOB', CONTEXT)
    const cookie = cookieHeader(cookies)
    expect(cookies[0]).toMatch(/^coreshift\.session_token=.*; HttpOnly; SameSite=Lax$/i)
    expect(bob).toMatchObject({ kind: 'user', name: 'Bob', role: 'operator' })
    expect(await identity.authenticate({ cookie })).toEqual(bob)
    expect((await identity.visit({ cookie }))?.identity).toEqual(bob)

    const ends: IdentityEnd[] = []
    identity.onEnd((end) => ends.push(end))
    await identity.sessions.signOut(bob, cookie, CONTEXT)
    expect(ends).toEqual([{ kind: 'session', id: bob.sessionId }])
    expect(await identity.authenticate({ cookie })).toBeUndefined()
    const actions = (await audit.list({}, { limit: 10 })).items.map(({ action }) => action)
    expect(actions).toEqual(['session.signed-out', 'session.signed-in', 'user.created'])
  })

  it('does not tell a wrong name from a wrong password from a disabled account', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const off = await identity.accounts.create({ name: 'off', password: PASSWORD, role: 'viewer' }, ALICE)
    await identity.accounts.change(off.id, { disabled: true }, ALICE)
    const attempts = [
      ['bob', 'not the password'],
      ['nobody', PASSWORD],
      ['off', PASSWORD],
      ['', PASSWORD],
      ['x'.repeat(200), PASSWORD],
    ] as const
    for (const [name, password] of attempts) {
      await expect(identity.passwordSignIn.signIn(name, password, CONTEXT)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: 'The name or the password is wrong.',
      })
    }
  })

  it('refuses a cookie that was changed or signed with another key', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const cookie = cookieHeader((await signIn(identity, 'bob', CONTEXT)).cookies)
    const [name, value = ''] = cookie.split('=', 2)
    const [token] = decodeURIComponent(value).split('.')
    for (const forged of [
      `${name}=${token}`,
      `${name}=${token}.AAAA`,
      `${name}=x${value}`,
      `${name}=`,
      'x=y',
    ]) {
      expect(await identity.authenticate({ cookie: forged })).toBeUndefined()
    }
  })

  it.each([
    ['disabled', { disabled: true }],
    ['given another password', { password: 'seven wet paper boats' }],
  ] as const)('ends the sessions of an account that is %s', async (_what, change) => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const bob = await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'operator' }, ALICE)
    const cookie = cookieHeader((await signIn(identity, 'bob', CONTEXT)).cookies)
    const ends: IdentityEnd[] = []
    identity.onEnd((end) => ends.push(end))
    await identity.accounts.change(bob.id, change, ALICE)
    expect(ends).toEqual([{ kind: 'user', id: bob.id }])
    expect(await identity.authenticate({ cookie })).toBeUndefined()
  })

  it('lists the sessions of an account, and ends one of them for its owner or an administrator only', async () => {
    await using test = await testDatabase(kind)
    const { identity, audit } = await testPlatform(test.database)
    const roles = { bob: 'viewer', eve: 'operator', ann: 'admin' } as const
    for (const [name, role] of Object.entries(roles)) {
      await identity.accounts.create({ name, password: PASSWORD, role }, ALICE)
    }
    const phone = await signIn(identity, 'bob', CONTEXT)
    const laptop = await signIn(identity, 'bob', CONTEXT)
    const tablet = await signIn(identity, 'bob', CONTEXT)
    const { identity: eve } = await signIn(identity, 'eve', CONTEXT)
    const { identity: ann } = await signIn(identity, 'ann', CONTEXT)
    const listed = await identity.sessions.listOwn(laptop.identity)
    expect(listed).toHaveLength(3)
    expect(listed.find(({ current }) => current)?.id).toBe(laptop.identity.sessionId)

    const ends: IdentityEnd[] = []
    identity.onEnd((end) => ends.push(end))
    const id = phone.identity.sessionId ?? ''
    await expect(identity.sessions.end(id, eve, CONTEXT)).rejects.toMatchObject({ code: 'not-found' })
    await identity.sessions.end(id, laptop.identity, CONTEXT)
    expect(ends).toEqual([{ kind: 'session', id }])
    expect(await identity.authenticate({ cookie: cookieHeader(phone.cookies) })).toBeUndefined()
    expect(await identity.authenticate({ cookie: cookieHeader(laptop.cookies) })).toBeDefined()
    await expect(identity.sessions.end(id, laptop.identity, CONTEXT)).rejects.toMatchObject({
      code: 'not-found',
    })
    await identity.sessions.end(tablet.identity.sessionId ?? '', ann, CONTEXT)
    const [newest] = (await audit.list({}, { limit: 1 })).items
    expect(newest).toMatchObject({ action: 'session.ended', message: 'ann ended a session of bob.' })
  })

  it('sees a lost role with the next request', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const bob = await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'operator' }, ALICE)
    const cookie = cookieHeader((await signIn(identity, 'bob', CONTEXT)).cookies)
    await identity.accounts.change(bob.id, { role: 'viewer' }, ALICE)
    expect((await identity.authenticate({ cookie }))?.role).toBe('viewer')
  })

  it('keeps the last administrator', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const ann = await identity.accounts.create({ name: 'ann', password: PASSWORD, role: 'admin' }, ALICE)
    const ben = await identity.accounts.create({ name: 'ben', password: PASSWORD, role: 'admin' }, ALICE)
    const results = await Promise.allSettled([
      identity.accounts.change(ann.id, { role: 'viewer' }, ALICE),
      identity.accounts.change(ben.id, { disabled: true }, ALICE),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = (await identity.accounts.list()).filter((user) => user.role === 'admin' && !user.disabled)
    expect(left).toHaveLength(1)
    await expect(identity.accounts.remove(left[0]?.id ?? '', ALICE)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('refuses a name that exists in another case', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    await expect(
      identity.accounts.create({ name: 'BOB', password: PASSWORD, role: 'admin' }, ALICE),
    ).rejects.toMatchObject({ code: 'conflict' })
  })

  it('knows a token until it is revoked, and tells the listeners at once', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const { token, secret } = await identity.tokens.create({ name: 'ci', role: 'operator' }, ALICE)
    const credentials = { authorization: `Bearer ${secret}` }
    expect(await identity.authenticate(credentials)).toMatchObject({
      kind: 'token',
      id: token.id,
      role: 'operator',
    })
    expect((await identity.tokens.list())[0]?.lastUsedAt).toBeDefined()
    const ends: IdentityEnd[] = []
    identity.onEnd((end) => ends.push(end))
    await identity.tokens.revoke(token.id, ALICE)
    expect(ends).toEqual([{ kind: 'token', id: token.id }])
    expect(await identity.authenticate(credentials)).toBeUndefined()
    await expect(identity.tokens.revoke(token.id, ALICE)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('no longer knows a token after its end', async () => {
    await using test = await testDatabase(kind)
    const { identity, clock } = await testPlatform(test.database)
    const expiresAt = new Date(clock.now.getTime() + 1_000).toISOString()
    const { secret } = await identity.tokens.create({ name: 'ci', role: 'viewer', expiresAt }, ALICE)
    expect(await identity.authenticate({ authorization: `Bearer ${secret}` })).toBeDefined()
    clock.now = new Date(expiresAt)
    expect(await identity.authenticate({ authorization: `Bearer ${secret}` })).toBeUndefined()
    await expect(
      identity.tokens.create({ name: 'old', role: 'viewer', expiresAt }, ALICE),
    ).rejects.toMatchObject({
      code: 'invalid-request',
    })
  })

  it('never stores a token, a link or a password as it is', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const link = (await identity.accounts.firstRunToken()) ?? ''
    const { db } = test.database
    expect(JSON.stringify(await db.selectFrom('first_run').selectAll().execute())).not.toContain(link)
    const { secret } = await identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    const everything = JSON.stringify([
      await db.selectFrom('api_token').selectAll().execute(),
      await db.selectFrom('auth_account').selectAll().execute(),
      await db.selectFrom('audit_entry').selectAll().execute(),
    ])
    expect(everything).not.toContain(secret)
    expect(everything).not.toContain(PASSWORD)
    expect(everything).toContain('$argon2id$v=19$')
  })

  it('hears of what another process revoked', async () => {
    await using test = await testDatabase(kind)
    const server = await testPlatform(test.database)
    const commandLine = await testPlatform(await test.reopen())
    const { token } = await server.identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    const ends: IdentityEnd[] = []
    server.identity.onEnd((end) => ends.push(end))
    await commandLine.identity.tokens.revoke(token.id, ALICE)
    await server.audit.catchUp()
    expect(ends).toEqual([{ kind: 'token', id: token.id }])
  })

  it('makes a name wait after repeated wrong passwords, and only that name', async () => {
    await using test = await testDatabase(kind)
    const { identity, clock } = await testPlatform(test.database)
    await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'viewer' }, ALICE)
    await identity.accounts.create({ name: 'ann', password: PASSWORD, role: 'viewer' }, ALICE)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(identity.passwordSignIn.signIn('bob', 'wrong password', CONTEXT)).rejects.toMatchObject({
        code: 'unauthenticated',
      })
    }
    await expect(signIn(identity, 'bob', CONTEXT)).rejects.toMatchObject({ code: 'rate-limited' })
    await expect(signIn(identity, 'ann', CONTEXT)).resolves.toBeDefined()
    clock.now = new Date(clock.now.getTime() + 1_000)
    await expect(signIn(identity, 'bob', CONTEXT)).resolves.toBeDefined()
  })

  it('checks a password for HTTP Basic', async () => {
    await using test = await testDatabase(kind)
    const { identity } = await testPlatform(test.database)
    const bob = await identity.accounts.create({ name: 'bob', password: PASSWORD, role: 'operator' }, ALICE)
    expect((await identity.accounts.verifyPassword('Bob', PASSWORD))?.user).toEqual(bob)
    expect(await identity.accounts.verifyPassword('bob', 'wrong password')).toBeUndefined()
    expect(await identity.accounts.verifyPassword('eve', PASSWORD)).toBeUndefined()
    await identity.accounts.change(bob.id, { disabled: true }, ALICE).catch((error: unknown) => error)
    expect(await identity.accounts.verifyPassword('bob', PASSWORD)).toBeUndefined()
  })
})
