import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { AT, OPERATION_ID, OTHER_VM_UUID, VM_UUID, auditDraft, operationRecord } from '../../test/examples.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { StaleOperationError, createOperationRepository } from './operation-repository.ts'

function repositories(database: Database) {
  const audit = createAuditRepository(database)
  const told: AuditEntry[] = []
  const operations = createOperationRepository({
    database,
    audit,
    onAudit: (entries) => told.push(...entries),
  })
  return { audit, operations, told }
}

describe.each(DATABASE_KINDS)('operations on %s', (kind) => {
  it('come back exactly as they were committed, also in another process', async () => {
    await using test = await testDatabase(kind)
    const record = operationRecord({ acceptedAt: AT, overdue: true, error: 'quoted "words" and ümläuts' })
    await repositories(test.database).operations.commit(record, [])
    const other = repositories(await test.reopen()).operations
    expect(await other.get(OPERATION_ID)).toEqual(record)
    expect(await other.loadOpen()).toEqual([record])
  })

  it('are stored together with their audit entries, which are told after the commit', async () => {
    await using test = await testDatabase(kind)
    const { operations, audit, told } = repositories(test.database)
    await operations.commit(operationRecord(), [
      auditDraft({ operation: OPERATION_ID, vm: VM_UUID }),
      auditDraft({ action: 'resize.accepted', operation: OPERATION_ID, vm: VM_UUID }),
    ])
    expect(told.map(({ id, action }) => [id, action])).toEqual([
      [1, 'resize.requested'],
      [2, 'resize.accepted'],
    ])
    expect(await audit.oldest({}, 10, 0)).toEqual(told)
  })

  it('are not stored at all when an audit entry cannot be', async () => {
    await using test = await testDatabase(kind)
    const { operations, told } = repositories(test.database)
    const unstorable = auditDraft({ detail: { size: Number.NaN } })
    await expect(operations.commit(operationRecord(), [unstorable])).rejects.toThrow('NaN')
    expect(await operations.get(OPERATION_ID)).toBeUndefined()
    expect(told).toEqual([])
  })

  it('refuse a change that was decided on a stale revision, with its audit entries', async () => {
    await using test = await testDatabase(kind)
    const { operations, audit } = repositories(test.database)
    await operations.commit(operationRecord({ seq: 2, state: 'converged', finishedAt: AT }), [])
    for (const seq of [1, 2]) {
      await expect(operations.commit(operationRecord({ seq }), [auditDraft()])).rejects.toThrow(
        StaleOperationError,
      )
    }
    expect((await operations.get(OPERATION_ID))?.state).toBe('converged')
    expect(await audit.oldest({}, 10, 0)).toEqual([])
  })

  it('are no longer open once they have ended', async () => {
    await using test = await testDatabase(kind)
    const { operations } = repositories(test.database)
    await operations.commit(operationRecord(), [])
    await operations.commit(operationRecord({ seq: 2, state: 'failed', finishedAt: AT }), [])
    expect(await operations.loadOpen()).toEqual([])
    expect((await operations.listEnded(10)).map(({ id }) => id)).toEqual([OPERATION_ID])
  })

  it('are listed open ones oldest first, those of a VM newest first and no more than asked for', async () => {
    await using test = await testDatabase(kind)
    const { operations } = repositories(test.database)
    const ids = [1, 2, 3].map((number) => OPERATION_ID.replace(/1$/, String(number)))
    for (const [index, id] of ids.entries()) {
      await operations.commit(operationRecord({ id, createdAt: `2026-03-01T1${index}:00:00.000Z` }), [])
    }
    await operations.commit(operationRecord({ id: OPERATION_ID.replace(/1$/, '9'), vm: OTHER_VM_UUID }), [])
    const newest = await operations.listForVm(VM_UUID, { limit: 2 })
    expect(newest.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    expect((await operations.loadOpen()).map(({ id }) => id)).toContain(ids[0])
    expect((await operations.loadOpen()).at(-1)?.id).toBe(ids[2])
  })

  it('are listed on from any of them, those of the same instant too', async () => {
    await using test = await testDatabase(kind)
    const { operations } = repositories(test.database)
    const id = (number: number): string => OPERATION_ID.replace(/1$/, String(number))
    const later = '2026-03-01T10:00:00.001Z'
    for (const number of [1, 2]) await operations.commit(operationRecord({ id: id(number) }), [])
    await operations.commit(operationRecord({ id: id(3), createdAt: later }), [])
    const after = async (place: { createdAt: string; id: string }): Promise<string[]> =>
      (await operations.listForVm(VM_UUID, { limit: 10, before: place })).map((found) => found.id)
    expect(await after({ createdAt: later, id: id(3) })).toEqual([id(2), id(1)])
    expect(await after({ createdAt: AT, id: id(2) })).toEqual([id(1)])
    expect(await after({ createdAt: AT, id: id(1) })).toEqual([])
  })
})
