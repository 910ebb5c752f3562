import { describe, expect, it } from 'vitest'
import type { AccessLimit, Role } from '@coreshift/shared/contract'
import {
  ALICE,
  OPERATION_ID,
  OTHER_VM_UUID,
  VM_UUID,
  auditDraft,
  operationRecord,
} from '../../test/examples.ts'
import { fakeDoors, vmExample } from '../../test/fake-doors.ts'
import { liveServer, nextChange, watch, type LiveTest } from '../../test/live-test.ts'
import { PASSWORD } from '../../test/platform.ts'
import { apiRoutes } from '../http/api-routes.ts'
import { TOPIC_ACTIONS } from '../live/watch-topics.ts'
import { toOperation } from '../resize/operation-record.ts'

const HIDDEN_OPERATION = '0d5b2f5e-2f6a-4f0e-8a54-3f8a2f1e0002'
const UNKNOWN = '00000000-0000-4000-8000-000000000000'
/** Words that stand nowhere but in what is outside of every limit below. */
const HIDDEN = [OTHER_VM_UUID, HIDDEN_OPERATION, 'payroll', 'rack2']

const LIMITS: readonly (readonly [string, AccessLimit])[] = [
  ['hosts', { hosts: ['rack1'] }],
  ['a name pattern', { vmNames: 'web-*' }],
  ['both', { hosts: ['rack1', 'rack3'], vmNames: 'web-?' }],
]

/** A body that each route takes, so that nothing is refused for its shape before the limit is asked. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /session': { name: 'nobody', password: PASSWORD },
  'POST /session/two-factor': { code: '000000' },
  'PUT /session/password': { password: PASSWORD, next: 'seven wet paper boats' },
  'POST /first-run': { token: 'x', name: 'nobody', password: PASSWORD },
  'POST /two-factor/enrolment': { password: PASSWORD },
  'POST /two-factor/confirmation': { code: '000000' },
  'POST /two-factor/recovery-codes': { password: PASSWORD },
  'POST /two-factor/disable': { password: PASSWORD },
  'PATCH /vms/:uuid': { description: 'mine now' },
  'POST /vms/:uuid/power': { action: 'shutdown' },
  'POST /vms/:uuid/resizes': { sockets: 2 },
  'POST /vms/:uuid/prepare': {},
  'POST /resizes/:id/retry': {},
  'POST /resizes/:id/abandon': {},
  'PUT /resizes/:id/tell-me': {},
  'POST /hosts': { name: 'x', uri: 'qemu:///system' },
  'POST /hosts/test': { name: 'x', uri: 'qemu:///system' },
  'PATCH /hosts/:id': { credentials: null },
  'PUT /settings': {},
  'PUT /guest-os-matrix': { edits: [] },
  'PATCH /demo/vms/:uuid': { behaviour: 'x' },
  'PATCH /demo/hosts/:id': { act: 'stop-daemon' },
  'POST /users': { name: 'x', password: PASSWORD, role: 'viewer' },
  'PATCH /users/:id': { role: 'viewer' },
  'POST /tokens': { name: 'x', role: 'viewer' },
}

/** A server with one VM, resize and audit entry within each limit and one of each outside. */
async function fleet(): Promise<LiveTest> {
  const server = await liveServer({
    doors: fakeDoors([
      vmExample(),
      vmExample({ uuid: OTHER_VM_UUID, name: 'payroll-1', host: 'rack2', hostName: 'rack2' }),
    ]),
  })
  server.doors.putHost({ id: 'rack2', name: 'rack2' })
  server.doors.putOperation(toOperation(operationRecord()))
  server.doors.putOperation(
    toOperation(
      operationRecord({ id: HIDDEN_OPERATION, vm: OTHER_VM_UUID, vmName: 'payroll-1', host: 'rack2' }),
    ),
  )
  await server.audit.append(auditDraft({ vm: VM_UUID, vmName: 'web-1', host: 'rack1', message: 'shown' }))
  await server.audit.append(
    auditDraft({ vm: OTHER_VM_UUID, vmName: 'payroll-1', host: 'rack2', message: 'of payroll' }),
  )
  await server.services.settings.replace(
    {
      ...server.services.settings.current(),
      unplugDisabledVms: [VM_UUID, OTHER_VM_UUID],
      unplugDisabledHosts: ['rack1', 'rack2'],
      vmPolicies: { [VM_UUID]: 'strict', [OTHER_VM_UUID]: 'strict' },
      hostPolicies: { rack1: 'background', rack2: 'background' },
    },
    ALICE,
  )
  return server
}

async function limitedToken(server: LiveTest, role: Role, limitedTo: AccessLimit): Promise<string> {
  return (await server.identity.tokens.create({ name: 'limited', role, limitedTo }, ALICE)).secret
}

function addressOf(path: string, vm: string, operation: string): string {
  return `/api/v1${path.replace(':uuid', vm).replace(':id', path.startsWith('/resizes') ? operation : 'rack2')}`
}

interface Told {
  readonly status: number
  readonly text: string
}

async function ask(server: LiveTest, line: string, address: string, token: string): Promise<Told> {
  const [method = ''] = line.split(' ')
  const body = BODIES[line]
  const response = await server.call(method, address, { token, ...(body === undefined ? {} : { body }) })
  const text = (await response.text()).replaceAll(response.headers.get('x-request-id') ?? '-', 'REQUEST')
  return { status: response.status, text }
}

describe.each(LIMITS)('a role limited to %s', (_what, limit) => {
  it('learns by no route whether something outside exists, and changes nothing there', async () => {
    await using server = await fleet()
    const token = await limitedToken(server, 'operator', limit)
    for (const { method, path, body } of apiRoutes(server.services)) {
      const line = `${method} ${path}`
      if (body !== undefined) expect(BODIES, `a body for the route ${line}`).toHaveProperty([line])
      const hidden = await ask(server, line, addressOf(path, OTHER_VM_UUID, HIDDEN_OPERATION), token)
      const unknown = await ask(server, line, addressOf(path, UNKNOWN, UNKNOWN), token)
      const same = (text: string): string =>
        [OTHER_VM_UUID, HIDDEN_OPERATION, UNKNOWN].reduce((rest, id) => rest.replaceAll(id, 'ID'), text)
      expect({ line, ...hidden, text: same(hidden.text) }).toEqual({
        line,
        ...unknown,
        text: same(unknown.text),
      })
      if (path.includes(':uuid') || path.startsWith('/resizes/:id')) expect(hidden.status, line).toBe(404)
      else for (const word of HIDDEN) expect(hidden.text, line).not.toContain(word)
    }
    expect(server.doors.changes).toEqual([])
  })

  it('sees and does what is within, by REST', async () => {
    await using server = await fleet()
    const token = await limitedToken(server, 'operator', limit)
    const get = async (path: string): Promise<unknown> => (await server.call('GET', path, { token })).json()
    expect(await get('/api/v1/vms')).toMatchObject({ total: 1, items: [{ uuid: VM_UUID }] })
    expect(await get('/api/v1/resizes')).toMatchObject({ items: [{ id: OPERATION_ID }] })
    expect(await get('/api/v1/hosts')).toMatchObject({ items: [{ id: 'rack1' }] })
    expect(await get('/api/v1/audit')).toMatchObject({ items: [{ message: 'shown' }] })
    expect(await get('/api/v1/settings')).toMatchObject({
      unplugDisabledVms: [VM_UUID],
      unplugDisabledHosts: ['rack1'],
      vmPolicies: { [VM_UUID]: 'strict' },
      hostPolicies: { rack1: 'background' },
    })
    const resize = { token, body: { sockets: 2 } }
    expect((await server.call('POST', `/api/v1/vms/${VM_UUID}/resizes`, resize)).status).toBe(202)
    expect(server.doors.changes).toHaveLength(1)
  })

  it('learns by no topic of anything outside', async () => {
    await using server = await fleet()
    const client = await server.connect({ token: await limitedToken(server, 'viewer', limit) })
    for (const topic of Object.keys(TOPIC_ACTIONS)) {
      if (topic === 'vm') continue
      const { snapshot } = await watch(client, topic)
      for (const word of HIDDEN) expect(JSON.stringify(snapshot), topic).not.toContain(word)
      expect(JSON.stringify(snapshot), topic).toMatch(/web-1|rack1/)
    }
    const hidden = await client.emitWithAck('watch', { topic: `vm:${OTHER_VM_UUID}` })
    const unknown = await client.emitWithAck('watch', { topic: `vm:${UNKNOWN}` })
    expect(hidden).toEqual({ ...unknown, topic: `vm:${OTHER_VM_UUID}` })
    expect(hidden).toMatchObject({ ok: false, code: 'not-found' })
  })

  it('hears of changes within, and of none outside that come before them', async () => {
    await using server = await fleet()
    const client = await server.connect({ token: await limitedToken(server, 'viewer', limit) })
    const { rev } = await watch(client, 'fleet')
    await watch(client, 'audit')
    const changes: unknown[] = []
    client.on('change', (change) => changes.push(change))
    server.doors.putVm(
      vmExample({ uuid: OTHER_VM_UUID, name: 'payroll-2', host: 'rack2', hostName: 'rack2' }),
    )
    await server.audit.append(auditDraft({ vm: OTHER_VM_UUID, vmName: 'payroll-2', host: 'rack2' }))
    await server.audit.append(auditDraft({ message: 'a sign-in' }))
    const next = nextChange(client)
    server.doors.putVm(vmExample({ name: 'web-2' }))
    expect(await next).toMatchObject({ topic: 'fleet', rev: rev + 1 })
    expect(JSON.stringify(changes)).not.toMatch(/payroll|sign-in/)
  })

  it('loses a VM that moves out of the limit, with its resize, as if they had gone', async () => {
    await using server = await fleet()
    const client = await server.connect({ token: await limitedToken(server, 'viewer', limit) })
    await watch(client, 'fleet')
    await watch(client, 'resizes')
    const patches: unknown[] = []
    const both = new Promise<void>((resolve) => {
      client.on('change', ({ patch }) => {
        patches.push(patch)
        if (patches.length === 2) resolve()
      })
    })
    server.doors.putVm(vmExample({ name: 'payroll-3', host: 'rack2', hostName: 'rack2' }))
    await both
    expect(patches).toContainEqual({ vms: { [VM_UUID]: null } })
    expect(patches).toContainEqual({ operations: { [OPERATION_ID]: null } })
  })
})

describe('two limits side by side', () => {
  it('give each viewer its own fleet in the same topic', async () => {
    await using server = await fleet()
    const web = await server.connect({ token: await limitedToken(server, 'viewer', { vmNames: 'web-*' }) })
    const payroll = await server.connect({
      token: await limitedToken(server, 'viewer', { hosts: ['rack2'] }),
    })
    const all = await server.clientFor('viewer')
    const seen = await Promise.all([web, payroll, all].map((client) => watch(client, 'fleet')))
    expect(seen.map(({ snapshot }) => JSON.stringify(snapshot).match(/"uuid"/g)?.length)).toEqual([1, 1, 2])
    const changed = Promise.all([nextChange(payroll), nextChange(all)])
    web.on('change', () => {
      throw new Error('this viewer must not hear of it')
    })
    server.doors.putVm(
      vmExample({ uuid: OTHER_VM_UUID, name: 'payroll-9', host: 'rack2', hostName: 'rack2' }),
    )
    const [forPayroll, forAll] = await changed
    expect(forPayroll.patch).toEqual(forAll.patch)
  })
})

describe('a limit', () => {
  it('holds for accounts by cookie, for the export and for the oVirt door', async () => {
    await using server = await fleet()
    const limitedTo = { hosts: ['rack1'] }
    await server.identity.accounts.create(
      { name: 'bob', password: PASSWORD, role: 'operator', limitedTo },
      ALICE,
    )
    const basic = { Authorization: `Basic ${Buffer.from(`bob@internal:${PASSWORD}`).toString('base64')}` }
    const list = await server.call('GET', '/ovirt-engine/api/vms', { headers: basic })
    expect(await list.text()).not.toContain('payroll')
    const put = await server.call('PUT', `/ovirt-engine/api/vms/${OTHER_VM_UUID}`, {
      headers: { ...basic, 'Content-Type': 'application/xml' },
      body: '<vm><cpu><topology sockets="2"/></cpu></vm>',
    })
    expect(put.status).toBe(404)
    const cookie = await server.cookieOf('bob')
    const exported = await (await server.call('GET', '/api/v1/audit/export.csv', { cookie })).text()
    expect(exported).toContain('shown')
    expect(exported).not.toContain('payroll')
    const session = await (await server.call('GET', '/api/v1/session', { cookie })).json()
    expect(session).toMatchObject({ user: { name: 'bob', limitedTo } })
  })

  it('that is changed holds with the next request, and ends live connections', async () => {
    await using server = await fleet()
    const bob = await server.identity.accounts.create(
      { name: 'bob', password: PASSWORD, role: 'viewer' },
      ALICE,
    )
    const cookie = await server.cookieOf('bob')
    expect((await server.call('GET', `/api/v1/vms/${OTHER_VM_UUID}`, { cookie })).status).toBe(200)
    await server.identity.accounts.change(bob.id, { limitedTo: { vmNames: 'web-*' } }, ALICE)
    expect((await server.call('GET', `/api/v1/vms/${OTHER_VM_UUID}`, { cookie })).status).toBe(404)
    await server.identity.accounts.change(bob.id, { limitedTo: null }, ALICE)
    expect((await server.call('GET', `/api/v1/vms/${OTHER_VM_UUID}`, { cookie })).status).toBe(200)
  })

  it('is not for an admin', async () => {
    await using server = await fleet()
    const token = await server.tokenFor('admin')
    const limitedTo = { vmNames: 'web-*' }
    for (const [path, body] of [
      ['/api/v1/users', { name: 'x', password: PASSWORD, role: 'admin', limitedTo }],
      ['/api/v1/tokens', { name: 'x', role: 'admin', limitedTo }],
    ] as const) {
      expect((await server.call('POST', path, { token, body })).status).toBe(400)
    }
    const bob = await server.identity.accounts.create(
      { name: 'bob', password: PASSWORD, role: 'viewer', limitedTo },
      ALICE,
    )
    await expect(server.identity.accounts.change(bob.id, { role: 'admin' }, ALICE)).rejects.toMatchObject({
      code: 'invalid-request',
    })
  })

  it('pages through the audit without a gap', async () => {
    await using server = await fleet()
    for (let index = 0; index < 25; index += 1) {
      const within = index % 3 === 0
      await server.audit.append(
        auditDraft({
          vm: within ? VM_UUID : OTHER_VM_UUID,
          vmName: within ? 'web-1' : 'payroll-1',
          host: within ? 'rack1' : 'rack2',
          message: `entry ${index}`,
        }),
      )
    }
    const token = await limitedToken(server, 'viewer', { vmNames: 'web-*' })
    const messages: string[] = []
    let cursor = ''
    do {
      const page = (await (
        await server.call('GET', `/api/v1/audit?limit=2${cursor && `&cursor=${cursor}`}`, { token })
      ).json()) as { items: { message: string }[]; nextCursor?: string }
      messages.push(...page.items.map(({ message }) => message))
      cursor = page.nextCursor ?? ''
    } while (cursor !== '')
    expect(messages).toEqual(
      [24, 21, 18, 15, 12, 9, 6, 3, 0].map((index) => `entry ${index}`).concat('shown'),
    )
  })
})
