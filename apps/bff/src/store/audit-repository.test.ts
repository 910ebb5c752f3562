import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, VM_UUID, auditDraft } from '../../test/examples.ts'
import { createAuditRepository } from './audit-repository.ts'

describe.each(DATABASE_KINDS)('the audit table on %s', (kind) => {
  it('numbers entries from 1 without a gap, also when two processes append at the same time', async () => {
    await using test = await testDatabase(kind)
    const processes = [test.database, await test.reopen()].map(createAuditRepository)
    await Promise.all(
      processes.flatMap((audit, who) =>
        Array.from({ length: 20 }, (_, index) => audit.append([auditDraft({ message: `${who}/${index}` })])),
      ),
    )
    const entries = await createAuditRepository(test.database).oldest({}, 100, 0)
    expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  })

  it('gives back what it returned when the entry was appended', async () => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    const [entry] = await audit.append([
      auditDraft({
        vm: VM_UUID,
        vmName: 'web-1',
        host: 'rack1',
        operation: 'op',
        durationMs: 412.25,
        requestId: 'r-1',
        detail: { zeta: 1, alpha: ['x', null, { deep: 'ü\u{1F600}' }], gone: undefined },
        message: 'a NUL \0 and a lone surrogate \uD800 are replaced',
      }),
    ])
    expect(await audit.oldest({}, 1, 0)).toEqual([entry])
  })

  it.each([
    ['vm', { vm: VM_UUID }],
    ['actor', { actor: 'bob' }],
    ['action', { action: 'resize.finished' }],
    ['outcome', { outcome: 'failed' }],
    ['operation', { operation: 'op-7' }],
    ['from', { from: '2026-03-02T00:00:00.000Z' }],
    ['text, in any case', { q: 'GUEST 100% let_go' }],
  ])('finds by %s', async (_name, filter) => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    await audit.append([
      auditDraft({ message: 'guest 1000 let go' }),
      auditDraft({
        at: '2026-03-02T00:00:00.000Z',
        vm: VM_UUID,
        actor: { kind: 'token', name: 'bob' },
        action: 'resize.finished',
        outcome: 'failed',
        operation: 'op-7',
        message: 'The guest 100% let_go.',
      }),
      auditDraft(),
    ])
    expect((await audit.newest(filter, 10)).map(({ id }) => id)).toEqual([2])
  })

  it('leaves out what is not before `to`', async () => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    await audit.append([auditDraft(), auditDraft({ at: '2026-03-05T00:00:00.000Z' })])
    expect((await audit.newest({ to: '2026-03-05T00:00:00.000Z' }, 10)).map(({ at }) => at)).toEqual([AT])
  })

  it('pages in both directions', async () => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    await audit.append(Array.from({ length: 5 }, () => auditDraft()))
    expect((await audit.newest({}, 2)).map(({ id }) => id)).toEqual([5, 4])
    expect((await audit.newest({}, 2, 4)).map(({ id }) => id)).toEqual([3, 2])
    expect((await audit.oldest({}, 2, 3)).map(({ id }) => id)).toEqual([4, 5])
  })
})
