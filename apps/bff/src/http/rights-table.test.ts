import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '@coreshift/shared/contract'
import { VM_UUID } from '../../test/examples.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { apiRoutes } from './api-routes.ts'

/**
 * Who may use which route, written down a second time and by hand: the server's own table is checked against it.
 * A route that is not in here fails the first test.
 */
const EXPECTED: Readonly<Record<string, 'everybody' | Role>> = {
  'GET /session': 'everybody',
  'POST /session': 'everybody',
  'DELETE /session': 'viewer',
  'PUT /session/password': 'viewer',
  'POST /first-run': 'everybody',
  'POST /session/two-factor': 'everybody',
  'GET /oidc/sign-in': 'everybody',
  'GET /oidc/callback': 'everybody',
  'GET /sign-in-options': 'everybody',
  'GET /two-factor': 'viewer',
  'POST /two-factor/enrolment': 'viewer',
  'POST /two-factor/confirmation': 'viewer',
  'POST /two-factor/recovery-codes': 'viewer',
  'POST /two-factor/disable': 'viewer',
  'DELETE /users/:id/two-factor': 'admin',
  'GET /users/:id/sessions': 'admin',
  'GET /sessions': 'viewer',
  'DELETE /sessions/:id': 'viewer',
  'GET /vms': 'viewer',
  'GET /vms/:uuid': 'viewer',
  'PATCH /vms/:uuid': 'operator',
  'GET /vms/:uuid/sockets-options': 'viewer',
  'GET /vms/:uuid/topology': 'viewer',
  'POST /vms/:uuid/power': 'operator',
  'GET /vms/:uuid/resizes': 'viewer',
  'POST /vms/:uuid/resizes': 'operator',
  'GET /vms/:uuid/forecast': 'viewer',
  'POST /vms/:uuid/prepare': 'operator',
  'DELETE /vms/:uuid/prepare': 'operator',
  'DELETE /vms/:uuid/next-boot': 'operator',
  'GET /resizes': 'viewer',
  'GET /resizes/:id': 'viewer',
  'POST /resizes/:id/retry': 'operator',
  'POST /resizes/:id/abandon': 'operator',
  'PUT /resizes/:id/tell-me': 'viewer',
  'DELETE /resizes/:id/tell-me': 'viewer',
  'GET /hosts': 'viewer',
  'POST /hosts': 'admin',
  'POST /hosts/test': 'admin',
  'PATCH /hosts/:id': 'admin',
  'DELETE /hosts/:id': 'admin',
  'GET /audit': 'viewer',
  'GET /audit/export.csv': 'viewer',
  'GET /audit/export.jsonl': 'viewer',
  'GET /audit/verify': 'viewer',
  'GET /hooks': 'viewer',
  'GET /settings': 'viewer',
  'PUT /settings': 'admin',
  'GET /guest-os-matrix': 'viewer',
  'GET /guest-os-matrix/export.json': 'viewer',
  'PUT /guest-os-matrix': 'admin',
  'GET /demo/vms/:uuid': 'viewer',
  'PATCH /demo/vms/:uuid': 'operator',
  'PATCH /demo/hosts/:id': 'operator',
  'GET /users': 'admin',
  'POST /users': 'admin',
  'PATCH /users/:id': 'admin',
  'DELETE /users/:id': 'admin',
  'GET /tokens': 'admin',
  'POST /tokens': 'admin',
  'DELETE /tokens/:id': 'admin',
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'

function addressOf(path: string): string {
  return `/api/v1${path.replace(':uuid', VM_UUID).replace(':id', UNKNOWN_ID)}`
}

async function statusFor(server: TestServer, line: string, token?: string): Promise<number> {
  const [method = '', path = ''] = line.split(' ')
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
  const response = await server.call(method, addressOf(path), {
    ...body,
    ...(token === undefined ? {} : { token }),
  })
  await response.arrayBuffer()
  return response.status
}

describe('the table of rights', () => {
  it('holds every route that the server has, and no other', async () => {
    await using server = await testServer()
    const lines = apiRoutes(server.services).map(({ method, path }) => `${method} ${path}`)
    expect(lines.sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  it('lets nobody in without an identity, except where everybody may', async () => {
    await using server = await testServer()
    for (const [line, lowest] of Object.entries(EXPECTED)) {
      const status = await statusFor(server, line)
      if (lowest === 'everybody') expect(status, line).not.toBe(403)
      else expect(status, line).toBe(401)
    }
  })

  it.each(ROLES)('lets the role %s do what it may and nothing else', async (role) => {
    await using server = await testServer()
    const token = await server.tokenFor(role)
    for (const [line, lowest] of Object.entries(EXPECTED)) {
      const status = await statusFor(server, line, token)
      const allowed = lowest === 'everybody' || ROLES.indexOf(role) >= ROLES.indexOf(lowest)
      if (allowed) {
        expect(status, line).not.toBe(403)
        expect(status, line).toBeLessThan(500)
      } else expect(status, line).toBe(403)
    }
  })

  it('changes nothing for those who may not', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    for (const line of Object.keys(EXPECTED)) await statusFor(server, line, token)
    expect(server.doors.changes).toEqual([])
  })
})
