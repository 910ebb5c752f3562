import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DATABASE_KINDS, testDatabase } from '../../test/databases.ts'
import { auditDraft } from '../../test/examples.ts'
import type { AuditDraft, AuditFilter } from '../audit/audit-log.ts'
import { matches } from '../audit/audit-terms.ts'
import { BLOCK_ENTRIES } from '../audit/entry-set.ts'
import { createAuditIndex } from './audit-index.ts'
import { createAuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'

const LENGTH = 2 * BLOCK_ENTRIES + 500
const SEARCHES = 60

const ACTIONS = ['resize.requested', 'resize.accepted', 'resize.finished', 'vm.changed-outside'] as const
const OUTCOMES = ['started', 'done', 'failed', 'refused'] as const
const instant = (minutes: number): string => new Date(Date.UTC(2026, 2, 1) + minutes * 60_000).toISOString()

function draftOf(index: number): AuditDraft {
  return auditDraft({
    // Clocks of two servers that do not agree: every seventh entry is a quarter of an hour late.
    at: instant(index % 7 === 0 ? index - 15 : index),
    actor: { kind: 'user', name: index % 10 < 6 ? 'alice' : index % 1_000 === 9 ? 'carol' : 'bob' },
    action: ACTIONS[index % ACTIONS.length] ?? 'x',
    // Outcome `failed` never comes with the actor carol.
    outcome: OUTCOMES[(index + 1) % OUTCOMES.length] ?? 'done',
    vm: `vm-${index % 97}`,
    operation: `op-${Math.floor(index / 5)}`,
    message: `The guest of web-${index % 97} let go of ${index % 13} vCPUs${index === 4_100 ? ' in Überlingen' : ''}.`,
  })
}

async function filledRepository(database: Database) {
  const audit = createAuditRepository(database)
  for (let at = 0; at < LENGTH; at += 500) {
    await audit.append(Array.from({ length: Math.min(500, LENGTH - at) }, (_, index) => draftOf(at + index)))
  }
  return audit
}

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 1 })
const filters: fc.Arbitrary<AuditFilter> = fc
  .record({
    vm: maybe(fc.integer({ min: 0, max: 98 }).map((n) => `vm-${n}`)),
    actor: maybe(fc.constantFrom('alice', 'bob', 'carol', 'nobody')),
    action: maybe(fc.constantFrom(...ACTIONS)),
    outcome: maybe(fc.constantFrom(...OUTCOMES, 'info')),
    operation: maybe(fc.integer({ min: 0, max: 1_740 }).map((n) => `op-${n}`)),
    from: maybe(fc.integer({ min: -10, max: LENGTH }).map(instant)),
    to: maybe(fc.integer({ min: 0, max: LENGTH + 10 }).map(instant)),
    q: maybe(fc.constantFrom('let go', 'WEB-12', 'web 9', 'g', 'überl', 'go let of 1', '%', 'nowhere')),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)))

describe.each(DATABASE_KINDS)('searching the audit on %s', (kind) => {
  it('finds what a look at every entry finds, in both directions, from anywhere, with and without the index', async () => {
    await using test = await testDatabase(kind)
    const audit = await filledRepository(test.database)
    const all = await audit.oldest({}, LENGTH, 0)
    const index = createAuditIndex(test.database)
    do {
      await fc.assert(
        fc.asyncProperty(
          filters,
          fc.integer({ min: 1, max: LENGTH + 1 }),
          fc.integer({ min: 1, max: 300 }),
          async (filter, from, limit) => {
            const passing = all.filter((entry) => matches(entry, filter)).map(({ id }) => id)
            const older = passing.filter((id) => id < from).slice(-limit)
            expect((await audit.newest(filter, limit, from)).map(({ id }) => id)).toEqual(older.reverse())
            const newer = passing.filter((id) => id > from).slice(0, limit)
            expect((await audit.oldest(filter, limit, from)).map(({ id }) => id)).toEqual(newer)
          },
        ),
        { numRuns: SEARCHES / 3 },
      )
    } while (await index.indexNextBlock())
    const blocks = await test.database.db.selectFrom('audit_block').select('block').orderBy('block').execute()
    expect(blocks.map(({ block }) => block)).toEqual([0, 1])
  })

  it('indexes a block once when two processes do it at the same time', async () => {
    await using test = await testDatabase(kind)
    await filledRepository(test.database)
    const both = [test.database, await test.reopen()].map(createAuditIndex)
    await Promise.all(both.map((index) => index.indexNextBlock()))
    const { terms } = await test.database.db
      .selectFrom('audit_term')
      .select((of) => of.fn.countAll<number>().as('terms'))
      .where('term', '=', 'u=alice')
      .where('block', '=', 0)
      .executeTakeFirstOrThrow()
    expect(Number(terms)).toBe(1)
  })
})
