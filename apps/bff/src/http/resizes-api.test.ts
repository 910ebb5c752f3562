import { describe, expect, it } from 'vitest'
import { Operation, ResizePlan } from '@coreshift/shared/contract'
import { OPERATION_ID, VM_UUID, operationRecord } from '../../test/examples.ts'
import { problemOf } from '../../test/problem-of.ts'
import { testServer } from '../../test/test-server.ts'
import { Failure } from '../failure.ts'
import { toOperation } from '../resize/operation-record.ts'

const VM = `/api/v1/vms/${VM_UUID}`

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
