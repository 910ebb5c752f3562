import { describe, expect, it } from 'vitest'
import { VmChange, VmList } from '@coreshift/shared/contract'
import { OTHER_VM_UUID, VM_UUID } from '../../test/examples.ts'
import { fakeDoors, vmExample } from '../../test/fake-doors.ts'
import { problemOf } from '../../test/problem-of.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { Failure } from '../failure.ts'

const VM = `/api/v1/vms/${VM_UUID}`

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
