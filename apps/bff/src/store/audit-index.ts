import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Insertable } from 'kysely'
import { termsOfEntry } from '../audit/audit-terms.ts'
import { BLOCK_ENTRIES, EntrySet, blockOf, firstIdOf } from '../audit/entry-set.ts'
import { toEntry } from './audit-row.ts'
import type { Database } from './database.ts'
import type { AuditTermRow } from './schema.ts'

/** Entries read, and terms written, before others get their turn. */
const SLICE = 256

/** The search index of the audit: derived from the entries, complete for whole blocks, never part of the chain. */
export interface AuditIndex {
  /**
   * Indexes the oldest whole block that has no index yet.
   * @returns false when there is none
   * @throws UnreadableEntryError where somebody wrote to the table by other means
   */
  indexNextBlock(): Promise<boolean>
}

export function createAuditIndex(database: Database): AuditIndex {
  const { db } = database

  async function nextBlock(): Promise<number | undefined> {
    const { indexed } = await db
      .selectFrom('audit_block')
      .select((of) => of.fn.max<number | null>('block').as('indexed'))
      .executeTakeFirstOrThrow()
    const { first, last } = await db
      .selectFrom('audit_entry')
      .select((of) => [of.fn.min<number | null>('id').as('first'), of.fn.max<number | null>('id').as('last')])
      .executeTakeFirstOrThrow()
    if (first === null || last === null) return undefined
    const block = Math.max(blockOf(first), indexed === null ? 0 : indexed + 1)
    return last >= firstIdOf(block + 1) - 1 ? block : undefined
  }

  async function readBlock(block: number) {
    const first = firstIdOf(block)
    const terms = new Map<string, number[]>()
    let atMin: string | undefined
    let atMax = ''
    for (let after = first - 1; after < first + BLOCK_ENTRIES - 1; after += SLICE) {
      const rows = await db
        .selectFrom('audit_entry')
        .selectAll()
        .where('id', '>', after)
        .where('id', '<=', after + SLICE)
        .execute()
      for (const row of rows) {
        if (atMin === undefined || row.at < atMin) atMin = row.at
        if (row.at > atMax) atMax = row.at
        for (const term of termsOfEntry(toEntry(row))) {
          const offsets = terms.get(term)
          if (offsets) offsets.push(row.id - first)
          else terms.set(term, [row.id - first])
        }
      }
      await nextTurn()
    }
    return { terms, atMin: atMin ?? '', atMax }
  }

  return {
    async indexNextBlock() {
      const block = await nextBlock()
      if (block === undefined) return false
      const { terms, atMin, atMax } = await readBlock(block)
      const rows = Array.from(terms, ([term, offsets]): Insertable<AuditTermRow> => ({
        block,
        term,
        members: EntrySet.of(offsets).encode(),
      }))
      // In the order of the key, so that the database appends.
      rows.sort((a, b) => (a.term < b.term ? -1 : 1))
      await database.write(async (transaction) => {
        const mine = await transaction
          .insertInto('audit_block')
          .values({ block, at_min: atMin, at_max: atMax })
          .onConflict((conflict) => conflict.column('block').doNothing())
          .executeTakeFirst()
        // Another process was quicker.
        if ((mine.numInsertedOrUpdatedRows ?? 0n) === 0n) return
        for (let at = 0; at < rows.length; at += SLICE) {
          await transaction
            .insertInto('audit_term')
            .values(rows.slice(at, at + SLICE))
            .execute()
        }
      })
      return true
    },
  }
}
