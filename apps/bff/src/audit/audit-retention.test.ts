import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { auditDraft } from '../../test/examples.ts'
import { createAuditRepository } from '../store/audit-repository.ts'
import { createAuditSealStore } from '../store/audit-seal.ts'
import type { Database } from '../store/database.ts'
import { auditJsonLines } from './audit-export.ts'
import { createAuditRetention } from './audit-retention.ts'
import { behindSeal } from './chain-start.ts'
import type { Checkpoint } from './checkpoint.ts'
import { createAuditLog } from './durable-audit-log.ts'
import { verifyExport } from './verify-export.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const DAY_MS = 86_400_000
const FIRST_DAY = Date.UTC(2026, 2, 1)

/** Ten days with ten entries each. */
async function tenDays(database: Database, kept: { days?: number; entries?: number }) {
  const entries = createAuditRepository(database)
  await entries.append(
    Array.from({ length: 100 }, (_, index) =>
      auditDraft({ at: new Date(FIRST_DAY + Math.floor(index / 10) * DAY_MS).toISOString() }),
    ),
  )
  const sealed: Checkpoint[] = []
  const seals = createAuditSealStore({ database, audit: entries, onAudit: () => undefined })
  const start = behindSeal(seals.read, [publicKey])
  const log = await createAuditLog({ repository: entries, start, onProblem: () => undefined })
  const retention = createAuditRetention({
    entries,
    seals,
    start,
    privateKey,
    settings: () => ({ auditRetentionDays: kept.days, auditRetentionEntries: kept.entries }),
    now: () => FIRST_DAY + 9 * DAY_MS,
    onSeal: (seal) => sealed.push(seal),
  })
  return { entries, log, retention, sealed, seals }
}

describe.each(DATABASE_KINDS)('the retention of the audit on %s', (kind) => {
  it.each([
    [{ days: 3 }, 60],
    [{ entries: 25 }, 75],
    [{ days: 3, entries: 25 }, 75],
    [{ days: 30 }, 0],
    [{}, 0],
  ])('keeps %j', async (kept, removed) => {
    await using test = await testDatabase(kind)
    const { entries, log, retention } = await tenDays(test.database, kept)
    expect(await retention.run()).toBe(removed)
    const left = await entries.oldest({}, 200, 0)
    expect(left[0]?.id).toBe(removed + 1)
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: removed === 0 ? 100 : 101 })
    if (removed > 0) {
      expect(left.at(-1)).toMatchObject({
        action: 'audit.sealed',
        actor: { kind: 'system', name: 'retention' },
        detail: { from: 1, to: removed },
      })
    }
  })

  it('never removes the newest entry, and goes on from its last seal', async () => {
    await using test = await testDatabase(kind)
    const { entries, log, retention, sealed } = await tenDays(test.database, { entries: 1 })
    await retention.run()
    await entries.append([auditDraft(), auditDraft()])
    await retention.run()
    expect(sealed.map(({ id }) => id)).toEqual([99, 102])
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: 104 })
  })

  it('removes nothing that does not verify', async () => {
    await using test = await testDatabase(kind)
    const { entries, retention } = await tenDays(test.database, { days: 3 })
    await test.database.db.updateTable('audit_entry').set({ message: 'x' }).where('id', '=', 7).execute()
    await expect(retention.run()).rejects.toThrow(/does not verify: entry 7/)
    expect((await entries.oldest({}, 1, 0))[0]?.id).toBe(1)
  })

  it('leaves an export that verifies from the seal, and not without it', async () => {
    await using test = await testDatabase(kind)
    const { log, retention, sealed } = await tenDays(test.database, { days: 3 })
    await retention.run()
    const verifyWith = (checkpoints: readonly Checkpoint[]) =>
      verifyExport({ entries: auditJsonLines(log.export({})), checkpoints, publicKeys: [publicKey] })
    expect(await verifyWith(sealed)).toEqual({ ok: true, verifiedUpTo: 101 })
    expect(await verifyWith([])).toMatchObject({ ok: false, firstBroken: 1 })
  })

  it('is not believed when somebody else sealed', async () => {
    await using test = await testDatabase(kind)
    const { entries, retention, seals } = await tenDays(test.database, { days: 3 })
    await retention.run()
    const foreign = generateKeyPairSync('ed25519').publicKey
    const log = await createAuditLog({
      repository: entries,
      start: behindSeal(seals.read, [foreign]),
      onProblem: () => undefined,
    })
    expect(await log.verify()).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/not signed with the key of this server/),
    })
  })
})
