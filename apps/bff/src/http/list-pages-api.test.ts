import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { OPERATION_ID, VM_UUID, auditDraft, operationRecord } from '../../test/examples.ts'
import { fakeDoors, hostExample, vmExample } from '../../test/fake-doors.ts'
import { PASSWORD } from '../../test/platform.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { toOperation } from '../resize/operation-record.ts'
import { apiRoutes } from './api-routes.ts'

const Page = z.object({ items: z.array(z.looseObject({})), nextCursor: z.string().optional() })

const COUNT = 5

/** Lists that are bounded otherwise: by the scripts of a folder, or by the places where one person is signed in. */
const BOUNDED = ['/hooks', '/sessions', '/users/:id/sessions']

async function fill(server: TestServer, token: string): Promise<void> {
  for (let n = 1; n <= COUNT; n += 1) {
    server.doors.putVm(vmExample({ uuid: VM_UUID.replace(/1$/, `${n}`), name: `vm-${n}` }))
    server.doors.putHost(hostExample({ id: `rack${n}`, name: `rack${n}` }))
    server.doors.putOperation(toOperation(operationRecord({ id: OPERATION_ID.replace(/1$/, `${n}`) })))
    await server.audit.append(auditDraft())
    const user = { name: `person-${n}`, password: PASSWORD, role: 'viewer' }
    expect((await server.call('POST', '/api/v1/users', { token, body: user })).status).toBe(201)
    await server.tokenFor('viewer')
  }
}

describe('a collection', () => {
  const lists = (server: TestServer): string[] =>
    apiRoutes(server.services)
      .filter(({ method, answers }) => {
        const schema = answers[200]?.schema
        return method === 'GET' && schema instanceof z.ZodObject && 'items' in schema.shape
      })
      .map(({ path }) => path)

  it('comes in pages that are together what one long page shows, whichever it is', async () => {
    await using server = await testServer({ doors: fakeDoors([]) })
    const token = await server.tokenFor('admin')
    await fill(server, token)
    const pageOf = async (path: string, query: string): Promise<z.infer<typeof Page>> =>
      Page.parse(await (await server.call('GET', `/api/v1${path}?${query}`, { token })).json())
    const paged = lists(server).filter((path) => !BOUNDED.includes(path))
    expect(paged).toEqual(
      expect.arrayContaining([
        '/vms',
        '/vms/:uuid/resizes',
        '/resizes',
        '/hosts',
        '/users',
        '/tokens',
        '/audit',
      ]),
    )
    for (const list of paged) {
      const path = list.replace(':uuid', VM_UUID)
      const whole = await pageOf(path, 'limit=1000')
      expect(whole.items.length, path).toBeGreaterThanOrEqual(COUNT)
      expect(whole.nextCursor, path).toBeUndefined()
      const seen: unknown[] = []
      for (let query: string | undefined = 'limit=2'; query !== undefined;) {
        const { items, nextCursor } = await pageOf(path, query)
        seen.push(...items)
        query = nextCursor === undefined ? undefined : `limit=2&cursor=${nextCursor}`
      }
      expect(seen, path).toEqual(whole.items)
      for (const wrong of ['limit=0', 'limit=1001', 'cursor=x', 'page=2']) {
        expect((await server.call('GET', `/api/v1${path}?${wrong}`, { token })).status, path).toBe(400)
      }
    }
  })
})
