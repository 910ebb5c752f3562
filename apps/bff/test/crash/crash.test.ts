import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuditLog } from '../../src/audit/durable-audit-log.ts'
import { createAuditRepository } from '../../src/store/audit-repository.ts'
import { openSqlite } from '../../src/store/database.ts'
import { auditDraft } from '../examples.ts'
import { killUnderLoad } from './kill-under-load.ts'

/** `npm run crash -w apps/bff` kills 500 times. */
const KILLS = 50
const KILLS_TIMEOUT_MS = 600_000

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coreshift-crash-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a server that is killed while it writes', () => {
  it(
    `loses no acknowledged entry and leaves a chain that verifies, ${KILLS} times`,
    async () => {
      const file = join(folder, 'coreshift.db')
      let before = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        const { acknowledged, entries, ...rest } = await killUnderLoad(file, (kill * 0.618) % 1)
        expect(rest, `kill ${kill}`).toEqual({ lost: [], verified: true, halves: 0 })
        expect(acknowledged).toBeGreaterThan(0)
        expect(entries).toBeGreaterThanOrEqual(before + acknowledged)
        before = entries
      }
    },
    KILLS_TIMEOUT_MS,
  )
})

async function openLog() {
  const database = await openSqlite(join(folder, 'coreshift.db'))
  const repository = createAuditRepository(database)
  return { database, log: await createAuditLog({ repository, onProblem: () => undefined }) }
}

describe('the SQLite store', () => {
  it('refuses whole what a full disk does not take, and goes on when there is room again', async () => {
    const { database, log } = await openLog()
    await log.append(auditDraft())
    // The limit is SQLite's own; a full disk gives the same result code at the same place.
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.db)
    const pages = rows[0]?.page_count ?? 0
    await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(database.db)
    const large = auditDraft({ detail: { filler: 'x'.repeat(200_000) } })
    await expect(log.append(large)).rejects.toThrow(/database or disk is full/)
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: 1 })
    await sql`pragma max_page_count = ${sql.lit(pages + 1_000)}`.execute(database.db)
    expect((await log.append(large)).id).toBe(2)
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: 2 })
    await database.close()
  })

  it('waits for another process that writes, without standing still itself', async () => {
    const { database, log } = await openLog()
    using other = new DatabaseSync(join(folder, 'coreshift.db'))
    other.exec('begin immediate')
    let acknowledged = false
    const appended = log.append(auditDraft()).then((entry) => {
      acknowledged = true
      return entry
    })
    // Everything else in this process still gets its turn.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(acknowledged).toBe(false)
    other.exec('commit')
    expect((await appended).id).toBe(1)
    expect(await log.verify()).toEqual({ ok: true, verifiedUpTo: 1 })
    await database.close()
  })
})
