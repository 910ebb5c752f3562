import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { auditDraft } from '../../test/examples.ts'
import { createAuditRepository } from '../store/audit-repository.ts'
import type { Database } from '../store/database.ts'
import type { AuditEntryRow } from '../store/schema.ts'
import { createAuditLog } from './durable-audit-log.ts'

async function logOver(database: Database) {
  const problems: string[] = []
  const log = await createAuditLog({
    repository: createAuditRepository(database),
    onProblem: (message) => problems.push(message),
  })
  const heard: number[] = []
  log.onAppend(({ id }) => heard.push(id))
  return { log, heard, problems }
}

describe.each(DATABASE_KINDS)('the audit log on %s', (kind) => {
  it('tells every entry once and in order, whoever appended it', async () => {
    await using test = await testDatabase(kind)
    const [one, two] = [await logOver(test.database), await logOver(await test.reopen())]
    const appended: Promise<AuditEntry>[] = []
    for (let index = 0; index < 20; index += 1) {
      appended.push(one.log.append(auditDraft()), two.log.append(auditDraft()))
    }
    await Promise.all(appended)
    await Promise.all([one.log.catchUp(), two.log.catchUp()])
    const all = Array.from({ length: 40 }, (_, index) => index + 1)
    expect(one.heard).toEqual(all)
    expect(two.heard).toEqual(all)
  })

  it('catches up with all that was stored before it was asked, also while it is catching up', async () => {
    await using test = await testDatabase(kind)
    const [one, two] = [await logOver(test.database), await logOver(await test.reopen())]
    const early = two.log.catchUp()
    await one.log.append(auditDraft())
    await Promise.all([early, two.log.catchUp()])
    expect(two.heard).toEqual([1])
  })

  it('does not tell what was there before it was opened', async () => {
    await using test = await testDatabase(kind)
    await (await logOver(test.database)).log.append(auditDraft())
    const later = await logOver(test.database)
    await later.log.catchUp()
    expect(later.heard).toEqual([])
  })

  it('goes on when a listener fails', async () => {
    await using test = await testDatabase(kind)
    const { log, problems } = await logOver(test.database)
    log.onAppend(() => {
      throw new Error('broken listener')
    })
    const after: number[] = []
    log.onAppend(({ id }) => after.push(id))
    await log.append(auditDraft())
    expect(after).toEqual([1])
    expect(problems).toEqual(['a listener failed on audit entry 1'])
  })

  it('pages to the end and refuses a cursor that is none', async () => {
    await using test = await testDatabase(kind)
    const { log } = await logOver(test.database)
    for (let index = 0; index < 5; index += 1) await log.append(auditDraft())
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await log.list({}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual([5, 4, 3, 2, 1])
    for (const wrong of ['', '0', '-1', '1.5', 'x', '1;drop table audit_entry', '9'.repeat(30)]) {
      await expect(log.list({}, { limit: 2, cursor: wrong })).rejects.toMatchObject({
        code: 'invalid-request',
      })
    }
  })

  it.each<[string, Partial<AuditEntryRow>, number, RegExp]>([
    ['text', { message: 'nothing happened' }, 3, /does not fit/],
    ['address', { actor_address: null }, 3, /does not fit/],
    ['detail', { detail: '{"a":2}' }, 3, /does not fit/],
    ['spelling of a detail', { detail: '{"a": 1}' }, 3, /not spelled as it was written/],
    ['detail to something that is not JSON', { detail: '{' }, 3, /not JSON/],
    ['outcome to a word that is none', { outcome: 'lost' }, 3, /cannot be read/],
    ['hash', { hash: 'f'.repeat(64) }, 3, /does not fit/],
    ['position', { id: 9 }, 3, /entry 3 is missing/],
  ])('finds a changed %s in the database', async (_what, change, broken, reason) => {
    await using test = await testDatabase(kind)
    const { log } = await logOver(test.database)
    for (let index = 0; index < 5; index += 1) await log.append(auditDraft({ detail: { a: 1 } }))
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: 5 })
    await test.database.db.updateTable('audit_entry').set(change).where('id', '=', 3).execute()
    const verification = await log.verify()
    expect(verification).toMatchObject({ ok: false, firstBroken: broken, verifiedUpTo: broken - 1 })
    expect(verification.reason).toMatch(reason)
  })

  it('names the first of two broken entries, also when the second cannot even be read', async () => {
    await using test = await testDatabase(kind)
    const { log } = await logOver(test.database)
    for (let index = 0; index < 5; index += 1) await log.append(auditDraft())
    const { db } = test.database
    await db.updateTable('audit_entry').set({ message: 'x' }).where('id', '=', 2).execute()
    await db.updateTable('audit_entry').set({ outcome: 'lost' }).where('id', '=', 4).execute()
    expect(await log.verify()).toMatchObject({ ok: false, firstBroken: 2, verifiedUpTo: 1 })
  })
})
