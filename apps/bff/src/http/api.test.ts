import { describe, expect, it } from 'vitest'
import {
  AuditList,
  Operation,
  Problem,
  ResizePlan,
  Session,
  VmChange,
  VmList,
} from '@coreshift/shared/contract'
import { OPERATION_ID, OTHER_VM_UUID, VM_UUID, auditDraft, operationRecord } from '../../test/examples.ts'
import { fakeDoors, vmExample } from '../../test/fake-doors.ts'
import { PASSWORD, cookieHeader } from '../../test/platform.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { Failure } from '../failure.ts'
import { toOperation } from '../resize/operation-record.ts'

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const problem = Problem.parse(await response.json())
  expect(problem.status).toBe(response.status)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  return problem
}

const VM = `/api/v1/vms/${VM_UUID}`

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

describe('VMs', () => {
  it('are listed by name, filtered, and paged by a cursor that survives changes', async () => {
    const uuid = (index: number): string => VM_UUID.replace(/1$/, String(index))
    const vms = ['delta', 'alpha', 'charlie', 'bravo'].map((name, index) =>
      vmExample({ uuid: uuid(index), name }),
    )
    await using server = await testServer({ doors: fakeDoors(vms) })
    const token = await server.tokenFor('viewer')
    const page = async (query: string): Promise<VmList> =>
      VmList.parse(await (await server.call('GET', `/api/v1/vms?${query}`, { token })).json())
    const first = await page('limit=2')
    expect(first.items.map(({ name }) => name)).toEqual(['alpha', 'bravo'])
    expect(first.total).toBe(4)
    server.doors.removeVm(uuid(3))
    const second = await page(`limit=2&cursor=${first.nextCursor}`)
    expect(second.items.map(({ name }) => name)).toEqual(['charlie', 'delta'])
    expect(second.nextCursor).toBeUndefined()
    expect((await page('q=LPH')).items.map(({ name }) => name)).toEqual(['alpha'])
    expect((await page('status=down')).total).toBe(0)
    expect((await page('host=rack1')).total).toBe(3)
  })

  it('are not found under an unknown or impossible id', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    for (const path of [
      `/vms/${OTHER_VM_UUID}`,
      '/vms/not-a-uuid',
      `/vms/${OTHER_VM_UUID}/sockets-options`,
    ]) {
      expect((await problemOf(await server.call('GET', `/api/v1${path}`, { token }))).code).toBe('not-found')
    }
  })

  it('say what is wrong with a query', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    const problem = await problemOf(await server.call('GET', '/api/v1/vms?limit=0&colour=red', { token }))
    expect(problem.code).toBe('invalid-request')
    expect(problem.issues?.map(({ path }) => path)).toContain('limit')
    expect((await problemOf(await server.call('GET', '/api/v1/vms?cursor=x', { token }))).code).toBe(
      'invalid-request',
    )
  })
})

describe('a change of a VM', () => {
  const REFUSED = new Failure('refused', 'Nine sockets are more than eight.', {
    reasons: [{ code: 'above-maximum', message: 'Nine sockets are more than eight.' }],
  })
  const change = async (server: TestServer, body: unknown, token: string): Promise<VmChange> =>
    VmChange.parse(await (await server.call('PATCH', VM, { token, body })).json())

  it('saves the description even if the resize is refused, and tells both outcomes', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    server.doors.refuseNextResize(REFUSED)
    const answer = await change(server, { description: 'front', sockets: 9 }, token)
    expect(answer.description).toEqual({ ok: true })
    expect(answer.sockets).toMatchObject({ ok: false, problem: { code: 'refused', status: 409 } })
    expect(answer.vm).toMatchObject({ description: 'front', sockets: 4 })
  })

  it('is the problem itself when nothing could be done', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    server.doors.refuseNextResize(REFUSED)
    const problem = await problemOf(await server.call('PATCH', VM, { token, body: { sockets: 9 } }))
    expect(problem).toMatchObject({ code: 'refused', reasons: [{ code: 'above-maximum' }] })
  })

  it('resizes a running VM now and for the next boot, a transient one now, a stopped one for the next boot', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    expect((await change(server, { sockets: 2 }, token)).sockets).toMatchObject({ ok: true })
    server.doors.putVm(vmExample({ persistent: false }))
    await change(server, { sockets: 3 }, token)
    server.doors.putVm(vmExample({ status: 'down' }))
    await change(server, { sockets: 3 }, token)
    server.doors.putVm(vmExample())
    await change(server, { sockets: 3, mode: 'live', policy: 'background' }, token)
    expect(server.doors.changes).toEqual([
      'resize web-1 2 both',
      'resize web-1 3 live',
      'resize web-1 3 nextBoot',
      'resize web-1 3 live',
    ])
  })

  it('leaves the guest OS to administrators', async () => {
    await using server = await testServer()
    const body = { description: 'x', guestOs: 'debian-12' }
    const answer = await change(server, body, await server.tokenFor('operator'))
    expect(answer.guestOs).toMatchObject({ ok: false, problem: { code: 'not-permitted' } })
    expect((await change(server, body, await server.tokenFor('admin'))).guestOs).toEqual({ ok: true })
  })

  it.each([
    [{}],
    [{ mode: 'live' }],
    [{ sockets: 1, mode: 'later' }],
    [{ sockets: 1.5 }],
    [{ sockets: 'two' }],
    [{ colour: 'red' }],
    [[]],
    ['text'],
  ])('is refused as invalid for %j', async (body) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const problem = await problemOf(await server.call('PATCH', VM, { token, body: JSON.stringify(body) }))
    expect(problem.code).toBe('invalid-request')
    expect(server.doors.changes).toEqual([])
  })
})

describe('resizes', () => {
  it('are accepted with 202 and the address where to follow them', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const response = await server.call('POST', `${VM}/resizes`, { token, body: { sockets: 2 } })
    expect(response.status).toBe(202)
    const operation = Operation.parse(await response.json())
    expect(operation.requestedBy).toMatchObject({
      kind: 'token',
      name: 'test-operator',
      address: '127.0.0.1',
    })
    expect(response.headers.get('location')).toBe(`/api/v1/resizes/${operation.id}`)
    const followed = await server.call('GET', response.headers.get('location') ?? '', { token })
    expect(Operation.parse(await followed.json())).toEqual(operation)
    const abandoned = await server.call('POST', `/api/v1/resizes/${operation.id}/abandon`, {
      token,
      body: {},
    })
    expect(Operation.parse(await abandoned.json()).state).toBe('abandoned')
  })

  it('are only planned with dryRun=1', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const response = await server.call('POST', `${VM}/resizes?dryRun=1`, { token, body: { sockets: 2 } })
    expect(response.status).toBe(200)
    expect(ResizePlan.parse(await response.json()).allowed).toBe(true)
    expect(server.doors.changes).toEqual([])
  })

  it.each([
    [1.5, 'not-a-whole-socket'],
    ['two', 'not-a-whole-socket'],
    [null, 'not-a-whole-socket'],
    [-1, 'below-minimum'],
    [1e6, 'above-maximum'],
  ])('of %j sockets are refused by their own code', async (sockets, code) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    for (const [method, path] of [
      ['POST', `${VM}/resizes`],
      ['PATCH', VM],
    ] as const) {
      const problem = await problemOf(await server.call(method, path, { token, body: { sockets } }))
      expect(problem).toMatchObject({ status: 400, code: 'invalid-request', reasons: [{ code }] })
    }
    expect(server.doors.changes).toEqual([])
  })

  it('are refused to a viewer with the reason', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    const problem = await problemOf(
      await server.call('POST', `${VM}/resizes`, { token, body: { sockets: 2 } }),
    )
    expect(problem).toMatchObject({
      status: 403,
      code: 'not-permitted',
      reasons: [{ code: 'not-permitted' }],
    })
  })

  it('name sockets or vCPUs, not both', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const both = await problemOf(
      await server.call('POST', `${VM}/resizes`, { token, body: { sockets: 2, removeVcpus: [3] } }),
    )
    expect(both.detail).toMatch(/not both/)
  })

  it('carry every reason and the operation in the way when they are refused', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    server.doors.refuseNextResize(
      new Failure('refused', 'A resize is open.', {
        reasons: [{ code: 'resize-in-progress', message: 'alice asked for 2 sockets.' }],
        operation: OPERATION_ID,
      }),
    )
    const problem = await problemOf(
      await server.call('POST', `${VM}/resizes`, { token, body: { sockets: 2 } }),
    )
    expect(problem).toMatchObject({
      status: 409,
      code: 'refused',
      operation: OPERATION_ID,
      reasons: [{ code: 'resize-in-progress' }],
    })
  })

  it('are listed open ones and those of one VM', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    server.doors.putOperation(toOperation(operationRecord()))
    for (const path of ['/api/v1/resizes', `${VM}/resizes`]) {
      const body = await (await server.call('GET', path, { token })).json()
      expect(body).toMatchObject({ items: [{ id: OPERATION_ID }] })
    }
  })
})

describe('bodies', () => {
  it.each([
    ['no JSON', '{"sockets":', 'application/json', 'invalid-request'],
    ['another type', '<vm/>', 'application/xml', 'unsupported-media-type'],
    ['a form', 'sockets=2', 'application/x-www-form-urlencoded', 'unsupported-media-type'],
    ['plain text', '{"sockets":2}', 'text/plain', 'unsupported-media-type'],
    [
      'too much',
      JSON.stringify({ description: 'x'.repeat(70_000) }),
      'application/json',
      'payload-too-large',
    ],
    ['nothing', '', 'application/json', 'invalid-request'],
  ])('with %s are refused', async (_what, body, type, code) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const response = await server.call('PATCH', VM, { token, body, headers: { 'Content-Type': type } })
    expect((await problemOf(response)).code).toBe(code)
  })
})

describe('a change asked for with a cookie', () => {
  const FOREIGN = [
    'https://evil.example',
    'null',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example:8730',
    'https://127.0.0.1',
    'http://127.0.0.1',
    '',
  ]

  it.each(FOREIGN)('is refused from the origin "%s", and so is a sign-in', async (origin) => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const headers = { Origin: origin }
    const patch = await server.call('PATCH', VM, { cookie, body: { description: 'x' }, headers })
    expect((await problemOf(patch)).code).toBe('csrf-refused')
    const signIn = await server.call('POST', '/api/v1/session', {
      body: { name: 'bob', password: PASSWORD },
      headers,
    })
    expect((await problemOf(signIn)).code).toBe('csrf-refused')
    expect(server.doors.changes).toEqual([])
  })

  it.each(['cross-site', 'same-site'])('is refused when the browser says %s', async (site) => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const response = await server.call('DELETE', '/api/v1/session', {
      cookie,
      headers: { 'Sec-Fetch-Site': site },
    })
    expect((await problemOf(response)).code).toBe('csrf-refused')
  })

  it('is done from the own page', async () => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    for (const origin of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
      const headers = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' }
      expect(
        (await server.call('PATCH', VM, { cookie, body: { description: origin }, headers })).status,
      ).toBe(200)
    }
  })
})

describe('audit', () => {
  it('is filtered, paged, exported and verified', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    for (let index = 0; index < 3; index += 1) {
      await server.audit.append(
        auditDraft({ vm: VM_UUID, message: index === 1 ? '=cmd("x")' : `entry ${index}` }),
      )
    }
    const first = AuditList.parse(
      await (await server.call('GET', `/api/v1/audit?vm=${VM_UUID}&limit=2`, { token })).json(),
    )
    expect(first.items).toHaveLength(2)
    const rest = await server.call('GET', `/api/v1/audit?vm=${VM_UUID}&limit=2&cursor=${first.nextCursor}`, {
      token,
    })
    expect(AuditList.parse(await rest.json())).toMatchObject({ items: [{ message: 'entry 0' }] })

    const csv = await server.call('GET', `/api/v1/audit/export.csv?vm=${VM_UUID}`, { token })
    expect(csv.headers.get('content-disposition')).toContain('coreshift-audit.csv')
    const lines = (await csv.text()).trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toContain(`"'=cmd(""x"")"`)

    const jsonl = await (await server.call('GET', '/api/v1/audit/export.jsonl', { token })).text()
    expect(jsonl.trim().split('\n')).toHaveLength(4)
    expect(await (await server.call('GET', '/api/v1/audit/verify', { token })).json()).toEqual({
      ok: true,
      verifiedUpTo: 4,
    })
  })
})

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

describe('the rest of the address space', () => {
  it('answers unknown addresses and methods below /api with a problem', async () => {
    await using server = await testServer()
    expect((await problemOf(await server.call('GET', '/api/v1/nothing'))).code).toBe('not-found')
    expect((await problemOf(await server.call('GET', '/api/v2/vms'))).code).toBe('not-found')
    const wrong = await server.call('PUT', '/api/v1/vms', { body: {} })
    expect(wrong.headers.get('allow')).toBe('GET')
    expect((await problemOf(wrong)).code).toBe('method-not-allowed')
    expect((await problemOf(await server.call('GET', '/api/v1/vms/%E0%A4%A'))).status).toBe(400)
  })

  it('reports health, readiness and figures', async () => {
    await using server = await testServer()
    expect((await server.call('GET', '/healthz')).status).toBe(200)
    expect(await (await server.call('GET', '/readyz')).json()).toEqual({ ready: true, checks: [] })
    const figures = await (await server.call('GET', '/metrics')).text()
    for (const line of [
      'coreshift_vms 1',
      'coreshift_live_queue 3',
      'coreshift_database_writes 4',
      'coreshift_libvirt_calls{host="alpha",state="in-flight"} 2',
      'coreshift_libvirt_calls{host="alpha",state="queued"} 1',
      'coreshift_event_lag_seconds_count 0',
    ]) {
      expect(figures).toContain(line)
    }
    expect(figures).toContain(
      'coreshift_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1',
    )
  })

  it('sends the security headers with every answer', async () => {
    await using server = await testServer()
    for (const path of ['/', '/healthz', '/api/v1/vms', '/api/v1/nothing']) {
      const { headers } = await server.call('GET', path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).toContain("script-src 'self'")
      expect(policy, path).toContain("require-trusted-types-for 'script'")
      expect(policy, path).not.toContain('unsafe')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('x-powered-by'), path).toBeNull()
    }
  })
})
