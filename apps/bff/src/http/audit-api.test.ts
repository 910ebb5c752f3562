import { describe, expect, it } from 'vitest'
import { AuditList } from '@coreshift/shared/contract'
import { VM_UUID, auditDraft } from '../../test/examples.ts'
import { testServer } from '../../test/test-server.ts'

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
