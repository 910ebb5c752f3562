import { describe, expect, it } from 'vitest'
import { applyPatch } from '@coreshift/shared'
import { ROLES, Topic, type LiveChange, type Role } from '@coreshift/shared/contract'
import { ALICE, AT, OTHER_VM_UUID, VM_UUID, auditDraft, operationRecord } from '../../test/examples.ts'
import { hostExample, vmExample } from '../../test/fake-doors.ts'
import { liveServer, nextChange, watch, type ConnectOptions } from '../../test/live-test.ts'
import { toOperation } from '../resize/operation-record.ts'
import { TOPICS_PER_SOCKET_MAX, TOPIC_ACTIONS } from './watch-topics.ts'

describe('a connection', () => {
  it.each([
    ['a token in the handshake', (token: string): ConnectOptions => ({ token })],
    [
      'a token in a header',
      (token: string): ConnectOptions => ({ headers: { Authorization: `Bearer ${token}` } }),
    ],
  ])('is made with %s', async (_what, options) => {
    await using server = await liveServer()
    const client = await server.connect(options(await server.tokenFor('viewer')))
    expect(client.connected).toBe(true)
    expect(server.live.sockets()).toBe(1)
  })

  it('is made with a session cookie from the own page', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const client = await server.connect({ headers: { Cookie: cookie, Origin: server.url } })
    expect((await watch(client, 'fleet')).ok).toBe(true)
  })

  it.each([
    ['without anything', {}],
    ['with a token that is none', { token: 'cst_nothing' }],
    ['with a cookie that is none', { headers: { Cookie: 'coreshift.session_token=x.y' } }],
  ])('is refused %s', async (_what, options) => {
    await using server = await liveServer()
    expect(await server.refusedBy(options)).toBe('Sign in, or connect with a token.')
    expect(server.live.sockets()).toBe(0)
  })

  it('is refused in the default namespace and by polling', async () => {
    await using server = await liveServer()
    const token = await server.tokenFor('admin')
    expect(await server.refusedBy({ token, namespace: '/' })).toBe('use the namespace /live')
    expect(await server.refusedBy({ token, transports: ['polling'] })).toMatch(/xhr poll error/)
  })

  it('is refused with a cookie and a missing or foreign origin, and with a foreign origin whatever it brings', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'admin')
    const token = await server.tokenFor('admin')
    expect(await server.refusedBy({ headers: { Cookie: cookie } })).toBe('Sign in, or connect with a token.')
    const port = new URL(server.url).port
    const foreign = [
      'https://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
      `http://127.0.0.1.evil.example:${port}`,
      `http://evil.example/http://127.0.0.1:${port}`,
      `http://127.0.0.1:${Number(port) + 1}`,
      'http://127.0.0.1',
      `http://127.0.0.1:${port}/`,
      `HTTP://127.0.0.1:${port}`,
      `http://user@127.0.0.1:${port}`,
      `http://0x7f.1:${port}`,
      `http://2130706433:${port}`,
      `http://127.0.0.1:0${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      'file://',
      'about:blank',
      `ws://127.0.0.1:${port}`,
      `http://127.0.0.1:${port} http://evil.example`,
      `http://localhost.:${port}`,
    ]
    for (const origin of foreign) {
      expect(await server.refusedBy({ headers: { Cookie: cookie, Origin: origin } }), origin).toBe(
        'websocket error',
      )
      expect(await server.refusedBy({ token, headers: { Origin: origin } }), origin).toBe('websocket error')
    }
    expect(server.live.sockets()).toBe(0)
  })
})

describe('watching', () => {
  it('starts with a snapshot and goes on with changes without a gap', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const answer = await watch(client, 'fleet')
    expect(answer.snapshot).toMatchObject({ vms: [{ uuid: VM_UUID, status: 'up' }] })
    let value = answer.snapshot
    let { rev } = answer
    for (const name of ['a', 'b', 'c']) {
      const change = nextChange(client)
      server.doors.putVm(vmExample({ name }))
      const { topic, rev: nextRev, patch } = await change
      expect([topic, nextRev]).toEqual(['fleet', rev + 1])
      rev = nextRev
      value = applyPatch(value, patch)
      expect(value).toMatchObject({ vms: [{ uuid: VM_UUID, name }] })
    }
  })

  it('shows one VM with its operation and its history, and its disappearance', async () => {
    await using server = await liveServer()
    await server.audit.append(auditDraft({ vm: VM_UUID, message: 'first' }))
    await server.audit.append(auditDraft({ vm: OTHER_VM_UUID }))
    const client = await server.clientFor('viewer')
    const answer = await watch(client, `vm:${VM_UUID}`)
    expect(answer.snapshot).toMatchObject({ vm: { uuid: VM_UUID }, history: [{ message: 'first' }] })
    expect(answer.snapshot).not.toHaveProperty('operation')
    let value = answer.snapshot
    const after = async (work: () => unknown): Promise<unknown> => {
      const change = nextChange(client)
      await work()
      value = applyPatch(value, (await change).patch)
      return value
    }
    expect(await after(() => server.doors.putOperation(toOperation(operationRecord())))).toMatchObject({
      operation: { state: 'pending' },
    })
    const finished = toOperation(operationRecord({ state: 'converged', finishedAt: AT }))
    expect(await after(() => server.doors.putOperation(finished))).toMatchObject({
      operation: { state: 'converged' },
    })
    expect(
      await after(() => server.audit.append(auditDraft({ vm: VM_UUID, message: 'second' }))),
    ).toMatchObject({
      history: [{ message: 'first' }, { message: 'second' }],
    })
    expect(await after(() => server.doors.removeVm(VM_UUID))).not.toHaveProperty('vm')
  })

  it('shows open resizes, hosts and the audit', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const open = toOperation(operationRecord())
    expect((await watch(client, 'resizes')).snapshot).toEqual({ operations: [] })
    let change = nextChange(client)
    server.doors.putOperation(open)
    expect((await change).patch).toEqual({ operations: { [open.id]: open } })
    change = nextChange(client)
    server.doors.putOperation({ ...open, state: 'converged' })
    expect((await change).patch).toEqual({ operations: { [open.id]: null } })

    expect((await watch(client, 'hosts')).snapshot).toEqual({ hosts: [hostExample()] })
    change = nextChange(client)
    await server.doors.hosts.add({ name: 'rack2', uri: 'qemu:///session' }, ALICE)
    expect((await change).patch).toMatchObject({ hosts: { rack2: { state: 'connecting' } } })

    const audit = await watch(client, 'audit')
    expect(audit.snapshot).toMatchObject({ entries: [{ action: 'token.created' }] })
    change = nextChange(client)
    const entry = await server.audit.append(auditDraft())
    expect((await change).patch).toEqual({ entries: { [entry.id]: entry } })
  })

  it('gathers a burst into few frames whose end is exact', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const answer = await watch(client, 'fleet')
    let value = answer.snapshot
    const changes: LiveChange[] = []
    const settled = new Promise<void>((resolve) => {
      client.on('change', (change) => {
        changes.push(change)
        value = applyPatch(value, change.patch)
        if ((value as { vms: { name: string }[] }).vms[0]?.name === 'end') resolve()
      })
    })
    for (let index = 0; index < 1_000; index += 1) server.doors.putVm(vmExample({ name: `name-${index}` }))
    server.doors.putVm(vmExample({ name: 'end' }))
    await settled
    expect(changes.length).toBeLessThanOrEqual(2)
    expect(changes.map(({ rev }) => rev)).toEqual(changes.map((_, index) => answer.rev + 1 + index))
  })

  it('ends with unwatch, and the topic closes with its last viewer', async () => {
    await using server = await liveServer()
    const [one, two] = [await server.clientFor('viewer'), await server.clientFor('operator')]
    await watch(one, 'fleet')
    await watch(two, 'fleet')
    expect(await one.emitWithAck('unwatch', { topic: 'fleet' })).toEqual({ ok: true })
    expect(await one.emitWithAck('unwatch', { topic: 'fleet' })).toEqual({ ok: false })
    expect(server.live.topics()).toBe(1)
    let heard = 0
    one.on('change', () => (heard += 1))
    const change = nextChange(two)
    server.doors.putVm(vmExample({ name: 'b' }))
    await change
    expect(heard).toBe(0)
    await two.emitWithAck('unwatch', { topic: 'fleet' })
    expect(server.live.topics()).toBe(0)
  })

  it('may be asked for twice; the second answer has the state of that moment', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    const first = await watch(client, 'fleet')
    const change = nextChange(client)
    server.doors.putVm(vmExample({ name: 'b' }))
    await change
    const second = await watch(client, 'fleet')
    expect(second.rev).toBe(first.rev + 1)
    expect(second.snapshot).toMatchObject({ vms: [{ name: 'b' }] })
    await client.emitWithAck('unwatch', { topic: 'fleet' })
    expect(server.live.topics()).toBe(0)
  })

  it.each([
    [{ topic: 'nothing' }, 'invalid-topic'],
    [{ topic: 'vm:not-a-uuid' }, 'invalid-topic'],
    [{ topic: { a: 1 } }, 'invalid-topic'],
    [{}, 'invalid-topic'],
    [null, 'invalid-topic'],
    [{ topic: `vm:${OTHER_VM_UUID}` }, 'not-found'],
  ])('answers %j with %s', async (request, code) => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    expect(await client.emitWithAck('watch', request as { topic: string })).toMatchObject({ ok: false, code })
  })

  it('answers events that it does not know, and requests without acknowledgement do no harm', async () => {
    await using server = await liveServer()
    const client = await server.clientFor('viewer')
    client.emit('watch', { topic: 'fleet' })
    client.emit('unwatch', { topic: 'fleet' }, 'no function' as never)
    expect(await client.emitWithAck('rm' as 'watch', { topic: '-rf' })).toEqual({ ok: false })
  })

  it('has a limit of topics', async () => {
    await using server = await liveServer()
    const uuid = (index: number): string => VM_UUID.replace(/.{3}$/, String(index).padStart(3, '0'))
    for (let index = 0; index <= TOPICS_PER_SOCKET_MAX; index += 1)
      server.doors.putVm(vmExample({ uuid: uuid(index) }))
    const client = await server.clientFor('viewer')
    for (let index = 0; index < TOPICS_PER_SOCKET_MAX; index += 1) await watch(client, `vm:${uuid(index)}`)
    expect(await client.emitWithAck('watch', { topic: `vm:${uuid(TOPICS_PER_SOCKET_MAX)}` })).toMatchObject({
      ok: false,
      code: 'too-many-topics',
    })
  })
})

describe('who may watch which topic', () => {
  /** Written down a second time and by hand: a topic that is not in here fails the first test. */
  const EXPECTED: Readonly<Record<string, Role>> = {
    fleet: 'viewer',
    resizes: 'viewer',
    audit: 'viewer',
    hosts: 'viewer',
    vm: 'viewer',
  }

  it('is written down for every topic there is', () => {
    const [named, templated] = Topic.options
    expect(Topic.options).toHaveLength(2)
    expect(templated.safeParse(`vm:${VM_UUID}`).success).toBe(true)
    expect([...named.options, 'vm'].sort()).toEqual(Object.keys(EXPECTED).sort())
    expect(Object.keys(TOPIC_ACTIONS).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  it.each(ROLES)('holds for the role %s', async (role) => {
    await using server = await liveServer()
    const client = await server.clientFor(role)
    for (const [topic, lowest] of Object.entries(EXPECTED)) {
      const answer = await client.emitWithAck('watch', { topic: topic === 'vm' ? `vm:${VM_UUID}` : topic })
      expect(answer.ok, topic).toBe(ROLES.indexOf(role) >= ROLES.indexOf(lowest))
    }
  })

  it('is nobody who has to enrol an authenticator first', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'admin')
    server.policy.twoFactorRequired = true
    const client = await server.connect({ headers: { Cookie: cookie, Origin: server.url } })
    for (const topic of Object.keys(EXPECTED)) {
      const answer = await client.emitWithAck('watch', { topic: topic === 'vm' ? `vm:${VM_UUID}` : topic })
      expect(answer, topic).toMatchObject({ ok: false, code: 'not-permitted' })
    }
  })
})

describe('a notice', () => {
  const notice = {
    what: 'ended' as const,
    operation: operationRecord().id,
    vm: VM_UUID,
    vmName: 'web-1',
    state: 'converged' as const,
    sentence: 'Resized to 2 sockets in 3 s.',
  }

  it('reaches every connection of the one who asked for it, and nobody else', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'viewer')
    const headers = { Cookie: cookie, Origin: server.url }
    const [one, other] = [await server.connect({ headers }), await server.connect({ headers })]
    const stranger = await server.clientFor('admin')
    const heard: unknown[] = []
    stranger.on('notice', (news) => heard.push(news))
    const both = Promise.all(
      [one, other].map((client) => new Promise((resolve) => client.once('notice', resolve))),
    )
    server.doors.notify({ kind: 'user', name: 'bob' }, notice)
    expect(await both).toEqual([notice, notice])
    // What was sent to the stranger before would have come before this answer.
    await watch(stranger, 'fleet')
    expect(heard).toEqual([])
  })
})
