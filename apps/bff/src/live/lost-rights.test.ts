import { describe, expect, it } from 'vitest'
import { ALICE } from '../../test/examples.ts'
import { vmExample } from '../../test/fake-doors.ts'
import { ended, liveServer, watch } from '../../test/live-test.ts'
import { testPlatform } from '../../test/platform.ts'

describe('a connection ends at once', () => {
  it('when its token is revoked, and only that one', async () => {
    await using server = await liveServer()
    const { token, secret } = await server.identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    const client = await server.connect({ token: secret })
    const other = await server.clientFor('admin')
    const end = ended(client)
    await server.identity.tokens.revoke(token.id, ALICE)
    const { reason, closed } = await end
    expect(reason).toBe('session-ended')
    expect(await closed).toBe('io server disconnect')
    expect(other.connected).toBe(true)
    expect(await server.refusedBy({ token: secret })).toBe('Sign in, or connect with a token.')
  })

  it('when the person signs out', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const end = ended(await server.connect({ headers: { Cookie: cookie, Origin: server.url } }))
    await server.call('DELETE', '/api/v1/session', { cookie, headers: { Origin: server.url } })
    expect((await end).reason).toBe('session-ended')
  })

  it.each([
    ['disabled', { disabled: true }],
    ['given another role', { role: 'viewer' as const }],
    ['limited to a part of the fleet', { limitedTo: { hosts: ['rack1'] } }],
    ['given another password', { password: 'seven wet paper boats' }],
  ])('when the account is %s', async (_what, change) => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const end = ended(await server.connect({ headers: { Cookie: cookie, Origin: server.url } }))
    const bob = (await server.identity.accounts.list()).find(({ name }) => name === 'bob')
    await server.identity.accounts.change(bob?.id ?? '', change, ALICE)
    expect((await end).reason).toBe('session-ended')
  })

  it('when the account is removed', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const end = ended(await server.connect({ headers: { Cookie: cookie, Origin: server.url } }))
    await server.identity.accounts.remove((await server.identity.accounts.list())[0]?.id ?? '', ALICE)
    expect((await end).reason).toBe('session-ended')
  })

  it('when an administrator ends the session, and no other of the account', async () => {
    await using server = await liveServer()
    const [phone, laptop] = [await server.cookieFor('bob', 'viewer'), await server.cookieOf('bob')]
    const end = ended(await server.connect({ headers: { Cookie: phone, Origin: server.url } }))
    const other = await server.connect({ headers: { Cookie: laptop, Origin: server.url } })
    const { sessionId = '' } = (await server.identity.authenticate({ cookie: phone })) ?? {}
    const token = await server.tokenFor('admin')
    expect((await server.call('DELETE', `/api/v1/sessions/${sessionId}`, { token })).status).toBe(204)
    expect((await end).reason).toBe('session-ended')
    expect((await watch(other, 'fleet')).ok).toBe(true)
  })

  it('when its session expires', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const expiresAt = new Date(Date.now() + 1_500)
    await server.database.db.updateTable('auth_session').set({ expiresAt: expiresAt.toISOString() }).execute()
    const end = ended(await server.connect({ headers: { Cookie: cookie, Origin: server.url } }))
    server.clock.now = expiresAt
    expect((await end).reason).toBe('session-ended')
  })

  it('when another process revokes its token', async () => {
    await using server = await liveServer()
    const { token, secret } = await server.identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    const end = ended(await server.connect({ token: secret }))
    const elsewhere = await testPlatform(server.database)
    await elsewhere.identity.tokens.revoke(token.id, ALICE)
    await server.audit.catchUp()
    expect((await end).reason).toBe('session-ended')
  })

  it('in the same turn in which the right was lost, before the answer to whoever took it', async () => {
    await using server = await liveServer()
    const { token, secret } = await server.identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    const client = await server.connect({ token: secret })
    const gone = new Promise((resolve) => client.once('disconnect', resolve))
    await server.identity.tokens.revoke(token.id, ALICE)
    // Nothing that happens from here on reaches the viewer.
    const heard: unknown[] = []
    client.on('change', (change) => heard.push(change))
    server.doors.putVm(vmExample({ name: 'web-9' }))
    await gone
    expect(heard).toEqual([])
  })

  it('when its token expires', async () => {
    await using server = await liveServer()
    const expiresAt = new Date(Date.now() + 1_000).toISOString()
    const { secret } = await server.identity.tokens.create(
      { name: 'short', role: 'viewer', expiresAt },
      ALICE,
    )
    const end = ended(await server.connect({ token: secret }))
    server.clock.now = new Date(Date.parse(expiresAt) + 1)
    expect((await end).reason).toBe('session-ended')
  })

  it('when the server stops', async () => {
    await using server = await liveServer()
    const end = ended(await server.clientFor('viewer'))
    await server.live.close()
    expect((await end).reason).toBe('server-stopping')
  })
})
