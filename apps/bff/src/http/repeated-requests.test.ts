import { describe, expect, it } from 'vitest'
import { VM_UUID } from '../../test/examples.ts'
import { testServer } from '../../test/test-server.ts'
import { KEY_LIFETIME_MS } from '../resize/resize-keys.ts'

const RESIZES = `/api/v1/vms/${VM_UUID}/resizes`
const VM = `/api/v1/vms/${VM_UUID}`

async function operationOf(response: Response): Promise<{ id: string }> {
  expect(response.status).toBe(202)
  return (await response.json()) as { id: string }
}

describe('a resize with an Idempotency-Key', () => {
  it('is carried out once, however often it is sent', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const send = (body: unknown, key?: string) =>
      server.call('POST', RESIZES, {
        token,
        body,
        headers: key === undefined ? {} : { 'Idempotency-Key': key },
      })
    const first = await operationOf(await send({ sockets: 2 }, 'k-1'))
    const again = await send({ sockets: 2 }, 'k-1')
    expect(again.headers.get('location')).toBe(`/api/v1/resizes/${first.id}`)
    expect((await operationOf(again)).id).toBe(first.id)
    expect(server.doors.changes).toHaveLength(1)
    expect((await operationOf(await send({ sockets: 2 }, 'k-2'))).id).not.toBe(first.id)
    expect((await operationOf(await send({ sockets: 2 }))).id).not.toBe(first.id)
  })

  it('is refused when the key stands for another request', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const headers = { 'Idempotency-Key': 'k' }
    await operationOf(await server.call('POST', RESIZES, { token, body: { sockets: 2 }, headers }))
    const other = await server.call('POST', RESIZES, { token, body: { sockets: 3 }, headers })
    expect(other.status).toBe(409)
    expect(await other.json()).toMatchObject({ code: 'conflict' })
    expect(server.doors.changes).toHaveLength(1)
  })

  it('may be repeated by another account, and after the key has expired', async () => {
    await using server = await testServer()
    const headers = { 'Idempotency-Key': 'k' }
    const send = async (token: string) =>
      operationOf(await server.call('POST', RESIZES, { token, body: { sockets: 2 }, headers }))
    const [operator, admin] = [await server.tokenFor('operator'), await server.tokenFor('admin')]
    const ids = [(await send(operator)).id, (await send(admin)).id]
    server.clock.now = new Date(server.clock.now.getTime() + KEY_LIFETIME_MS + 1)
    ids.push((await send(operator)).id)
    expect(new Set(ids).size).toBe(3)
  })

  it('needs a key that is one', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    for (const key of ['two words', 'x'.repeat(256)]) {
      const headers = { 'Idempotency-Key': key }
      const response = await server.call('POST', RESIZES, { token, body: { sockets: 2 }, headers })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'invalid-request' })
    }
    expect(server.doors.changes).toEqual([])
  })
})

describe('a change with If-Match', () => {
  it.each([
    ['PATCH', VM, { description: 'x' }],
    ['POST', RESIZES, { sockets: 2 }],
    ['POST', `${RESIZES}?dryRun=1`, { sockets: 2 }],
    ['POST', `${VM}/power`, { action: 'shutdown' }],
  ])(
    'is refused by %s %s when the VM is another one by now, and carried out when not',
    async (method, path, body) => {
      await using server = await testServer()
      const token = await server.tokenFor('admin')
      const tag = (await server.call('GET', VM, { token })).headers.get('etag') ?? ''
      expect(tag).toMatch(/^"\d+"$/)
      const stale = await server.call(method, path, { token, body, headers: { 'If-Match': '"999999"' } })
      expect(stale.status).toBe(412)
      expect(await stale.json()).toMatchObject({ code: 'stale-revision', status: 412 })
      expect(server.doors.changes).toEqual([])
      const fresh = await server.call(method, path, { token, body, headers: { 'If-Match': `"0", ${tag}` } })
      expect(fresh.status).toBeLessThan(300)
    },
  )
})
