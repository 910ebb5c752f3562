import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAuditLog } from '../../apps/bff/src/audit/durable-audit-log.ts'
import type { AuditFilter } from '../../apps/bff/src/audit/audit-log.ts'
import { createAuditRepository } from '../../apps/bff/src/store/audit-repository.ts'
import { openPostgres, openSqlite } from '../../apps/bff/src/store/database.ts'
import { median, quantile } from '../libvirt/statistics.ts'
import { fillAudit, operationId, vmUuid } from './audit-sample.ts'
import { exitCode, goal } from './goals.ts'

const USAGE = `Usage: node bench/bff/audit.ts [--entries 1000000] [--database-url URL] [--file FILE]
Verifies the audit and pages through it by every filter, in both directions, from both ends and the middle.
--file keeps the SQLite database there and takes it up again; without it a temporary one is made and removed.`

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    'database-url': { type: 'string' },
    file: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit(0)
}

const ENTRIES = Number(values.entries)
const PAGE_ENTRIES = 100
const REPEATS = 5
const VERIFY_GOAL_S = 10
const PAGE_GOAL_MS = 50

const middle = Math.floor(ENTRIES / 2)
const FILTERS: Readonly<Record<string, AuditFilter>> = {
  'no filter': {},
  vm: { vm: vmUuid(17) },
  'actor, common': { actor: 'alice' },
  'actor, unknown': { actor: 'mallory' },
  action: { action: 'resize.finished' },
  outcome: { outcome: 'refused' },
  operation: { operation: operationId(middle) },
  'actor and action': { actor: 'bob', action: 'settings.changed' },
  'actor and outcome, nothing in common': { actor: 'carol', outcome: 'failed' },
  'actor, action and outcome': { actor: 'alice', action: 'resize.accepted', outcome: 'refused' },
  'vm and outcome': { vm: vmUuid(900), outcome: 'done' },
  'a day': { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' },
  'before a day long ago, by actor': { actor: 'alice', to: '2026-01-03T00:00:00.000Z' },
  'after a day long ago, by outcome': { outcome: 'failed', from: '2026-01-03T00:00:00.000Z' },
  'text, common words': { q: 'guest let go' },
  'text, a rare word': { q: 'web 777' },
  'text, one letter': { q: 'g' },
  'text, no such word': { q: 'guest nowhere' },
  'text and actor, nothing in common': { q: 'carol asked', actor: 'bob' },
  'text in a day': { q: 'asked', from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' },
}

const folder = mkdtempSync(join(tmpdir(), 'bench-audit-'))
const database =
  values['database-url'] === undefined
    ? await openSqlite(values.file ?? join(folder, 'coreshift.db'))
    : await openPostgres(values['database-url'], (error) => console.error(error.message))
try {
  const repository = createAuditRepository(database)
  if ((await repository.head()).id === 0) {
    const began = performance.now()
    await fillAudit(database, ENTRIES)
    console.log(`${ENTRIES} entries appended and indexed in ${seconds(performance.now() - began)} s`)
  }
  const log = await createAuditLog({ repository, onProblem: (message) => console.error(message) })

  const verifications: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now()
    const { ok, verifiedUpTo } = await log.verify()
    if (!ok || verifiedUpTo !== ENTRIES) throw new Error('the audit does not verify')
    verifications.push(performance.now() - began)
  }
  goal(
    `verify ${ENTRIES} entries (${database.kind}): median ${seconds(median(verifications))} s`,
    median(verifications) <= VERIFY_GOAL_S * 1000,
  )

  for (const [name, filter] of Object.entries(FILTERS)) {
    const times: number[] = []
    let most = 0
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      for (const from of [undefined, middle, 2_000]) {
        const began = performance.now()
        const page = await repository.newest(filter, PAGE_ENTRIES, from)
        times.push(performance.now() - began)
        most = Math.max(most, page.length)
      }
      for (const from of [0, middle, ENTRIES - 2_000]) {
        const began = performance.now()
        const page = await repository.oldest(filter, PAGE_ENTRIES, from)
        times.push(performance.now() - began)
        most = Math.max(most, page.length)
      }
    }
    goal(
      `page by ${name}: median ${median(times).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, up to ${most} entries`,
      quantile(times, 0.99) <= PAGE_GOAL_MS,
    )
  }
} finally {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = exitCode()

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
