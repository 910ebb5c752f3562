import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, emptyDatabase, testDatabase } from '../../test/databases.ts'
import { auditDraft, operationRecord } from '../../test/examples.ts'
import { CHAIN_START, linkEntry, type ChainHead } from '../audit/audit-chain.ts'
import { wholeChain } from '../audit/chain-start.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import { createAuditRepository } from './audit-repository.ts'
import { toRow } from './audit-row.ts'
import { MIGRATIONS, NewerSchemaError, migrate } from './migrate.ts'
import { createOperationRepository } from './operation-repository.ts'

describe.each(DATABASE_KINDS)('migrations on %s', (kind) => {
  it('are recorded once, also when a second process opens the database', async () => {
    await using test = await testDatabase(kind)
    await test.reopen()
    const rows = await test.database.db.selectFrom('schema_migration').select(['id', 'name']).execute()
    expect(rows).toEqual(MIGRATIONS.map(({ id, name }) => ({ id, name })))
  })

  it('run once when several processes start at the same time', async () => {
    await using test = await testDatabase(kind)
    let runs = 0
    const next = { id: MIGRATIONS.length + 1, name: 'counted', up: () => Promise.resolve(void (runs += 1)) }
    const others = [await test.reopen(), await test.reopen()]
    await Promise.all([test.database, ...others].map(({ db }) => migrate(db, kind, [...MIGRATIONS, next])))
    expect(runs).toBe(1)
  })

  it('leave nothing behind when one of them fails', async () => {
    await using test = await testDatabase(kind)
    const { db } = test.database
    const failing = {
      id: MIGRATIONS.length + 1,
      name: 'failing',
      async up(transaction: typeof db) {
        await transaction.schema.createTable('half_done').addColumn('id', 'integer').execute()
        throw new Error('power cut')
      },
    }
    await expect(migrate(db, kind, [...MIGRATIONS, failing])).rejects.toThrow('power cut')
    expect((await db.introspection.getTables()).map((table) => table.name)).not.toContain('half_done')
  })

  it('refuse a database of a newer release, with a sentence that says what to do', async () => {
    await using test = await testDatabase(kind)
    const { db } = test.database
    await db.insertInto('schema_migration').values({ id: 99, name: 'from-the-future' }).execute()
    await expect(migrate(db, kind)).rejects.toThrow(NewerSchemaError)
    await expect(migrate(db, kind)).rejects.toThrow(/schema version 99 .* knows versions up to/)
  })

  it.each(MIGRATIONS.slice(0, -1).map(({ id, name }) => [id, name]))(
    'bring a database of schema %i (%s) up to date, with what is in it',
    async (id) => {
      await using test = await emptyDatabase(kind)
      const { db } = test
      await migrate(db, kind, MIGRATIONS.slice(0, id))
      let head: ChainHead = CHAIN_START
      for (const message of ['one', 'two', 'three']) {
        const entry = linkEntry(head, auditDraft({ message, detail: { message } }))
        await db.insertInto('audit_entry').values(toRow(entry)).execute()
        head = entry
      }
      const record = operationRecord()
      await db
        .insertInto('operation')
        .values({
          id: record.id,
          vm: record.vm,
          host: record.host,
          state: record.state,
          is_open: 1,
          created_at: record.createdAt,
          finished_at: null,
          seq: record.seq,
          body: JSON.stringify(record),
        })
        .execute()
      await migrate(db, kind)
      const database = await test.open()
      const repository = createAuditRepository(database)
      expect(await verifyChain(repository, wholeChain)).toEqual({ ok: true, verifiedUpTo: 3 })
      expect((await repository.newest({ q: 'two' }, 10)).map((entry) => entry.id)).toEqual([2])
      const operations = createOperationRepository({
        database,
        audit: repository,
        onAudit: () => undefined,
      })
      expect(await operations.loadOpen()).toEqual([record])
    },
  )

  it('are numbered from 1 without a gap', () => {
    expect(MIGRATIONS.map(({ id }) => id)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })
})
