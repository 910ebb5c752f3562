import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, auditDraft, operationRecord } from '../../test/examples.ts'
import { createAuditRepository } from './audit-repository.ts'
import { createHookLedger } from './hook-ledger.ts'
import { createOperationRepository } from './operation-repository.ts'

describe.each(DATABASE_KINDS)('hooks that are still to run, on %s', (kind) => {
  it('are noted with the end of the operation, once, and gone with their entries', async () => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    const shared = { database: test.database, audit, onAudit: () => undefined }
    const operations = createOperationRepository({ ...shared, noteEnds: true })
    const ledger = createHookLedger(shared)
    const open = operationRecord({ seq: 1, state: 'pending' })
    await operations.commit(open, [auditDraft({ action: 'resize.requested' })])
    expect(await ledger.due()).toEqual([])
    const ended = { ...open, seq: 2, state: 'failed' as const, finishedAt: AT }
    await operations.commit(ended, [auditDraft({ action: 'resize.finished' })])
    expect(await ledger.due()).toEqual([open.id])
    expect(await ledger.isDue(open.id)).toBe(true)
    await ledger.done(open.id, [auditDraft({ action: 'hook.run' })])
    expect(await ledger.isDue(open.id)).toBe(false)
    // A late removal is stored after the end: nothing is due again.
    await operations.commit({ ...ended, seq: 3 }, [auditDraft({ action: 'resize.vcpu-removed-late' })])
    expect(await ledger.due()).toEqual([])
    const entries = await audit.newest({}, 10)
    expect(entries.map(({ action }) => action).reverse()).toEqual([
      'resize.requested',
      'resize.finished',
      'hook.run',
      'resize.vcpu-removed-late',
    ])
  })

  it('are not noted where no hooks are configured, and a replaced operation ends like any other', async () => {
    await using test = await testDatabase(kind)
    const shared = {
      database: test.database,
      audit: createAuditRepository(test.database),
      onAudit: () => undefined,
    }
    const ledger = createHookLedger(shared)
    const finished = [auditDraft({ action: 'resize.finished' })]
    const closed = operationRecord({ seq: 1, state: 'abandoned', finishedAt: AT })
    await createOperationRepository(shared).commit(closed, finished)
    expect(await ledger.due()).toEqual([])
    const opened = operationRecord({
      id: '00000000-0000-4000-8000-00000000000b',
      seq: 1,
      state: 'submitting',
    })
    const operations = createOperationRepository({ ...shared, noteEnds: true })
    await operations.replace(
      { record: { ...closed, seq: 2 }, audit: finished },
      { record: opened, audit: [auditDraft({ action: 'resize.requested' })] },
    )
    expect(await ledger.due()).toEqual([closed.id])
    expect((await operations.loadOpen()).map(({ id }) => id)).toEqual([opened.id])
  })

  it('the end and the beginning of a change of mind are stored together or not at all', async () => {
    await using test = await testDatabase(kind)
    const audit = createAuditRepository(test.database)
    const operations = createOperationRepository({ database: test.database, audit, onAudit: () => undefined })
    const open = operationRecord({ seq: 5, state: 'pending' })
    await operations.commit(open, [])
    const opened = operationRecord({ id: '00000000-0000-4000-8000-00000000000b', seq: 1 })
    // Somebody stored a newer state of the older one.
    const stale = { record: { ...open, seq: 5, state: 'abandoned' as const }, audit: [auditDraft()] }
    await expect(operations.replace(stale, { record: opened, audit: [auditDraft()] })).rejects.toThrow(
      /stored/,
    )
    expect(await operations.get(opened.id)).toBeUndefined()
    expect(await operations.get(open.id)).toMatchObject({ state: 'pending' })
    expect(await audit.newest({}, 10)).toEqual([])
  })
})
