import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditFilter } from '../audit/audit-log.ts'
import { matches, termsOfFilter, textMatcher, type SearchTerms } from '../audit/audit-terms.ts'
import { BLOCK_ENTRIES, EntrySet, blockOf, firstIdOf } from '../audit/entry-set.ts'
import { toEntry } from './audit-row.ts'
import type { AuditBlockRow, Schema } from './schema.ts'

/** Blocks looked at together: few at first, because most pages are full after one, then more. */
const BATCH_BLOCKS = [1, 4, 16] as const
const BATCH_BLOCKS_MAX = 64

/** Entries read at once. */
const READ_CHUNK = 200
/** Messages read at once where a text is looked for in them. */
const MESSAGE_CHUNK = 1_000

/** Above every text that begins with what stands before it, in the order of code points. */
const AFTER_EVERY_END = '\u{10FFFF}'

/** Which way, and from where: only entries beyond `from`, at most `limit`. */
interface SearchRange {
  readonly order: 'newest' | 'oldest'
  readonly limit: number
  /** Excluded. Absent: from the end of the chain at which the order begins. */
  readonly from?: number | undefined
}

/**
 * Entries that pass a filter, in the order of the chain. Whole blocks are found through their terms (see
 * `audit-index`); the newest entries, which have no whole block yet, are read one by one.
 */
export async function searchEntries(
  db: Kysely<Schema>,
  filter: AuditFilter,
  range: SearchRange,
): Promise<AuditEntry[]> {
  const last = await db
    .selectFrom('audit_block')
    .select('block')
    .orderBy('block', 'desc')
    .limit(1)
    .executeTakeFirst()
  const indexedEnd = last === undefined ? 0 : firstIdOf(last.block + 1) - 1
  const parts = [unindexed(db, filter, range, indexedEnd), indexed(db, filter, range, indexedEnd)]
  if (range.order === 'oldest') parts.reverse()
  const found: AuditEntry[] = []
  for (const part of parts) {
    for await (const entries of part) {
      found.push(...entries)
      if (found.length >= range.limit) return found.slice(0, range.limit)
    }
  }
  return found
}

/** Entries behind the last whole block. */
async function* unindexed(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { order, limit, from }: SearchRange,
  indexedEnd: number,
): AsyncGenerator<AuditEntry[]> {
  const newest = order === 'newest'
  if (newest && from !== undefined && from <= indexedEnd + 1) return
  let query = db.selectFrom('audit_entry').where('id', '>', indexedEnd)
  if (filter.vm !== undefined) query = query.where('vm', '=', filter.vm)
  if (filter.actor !== undefined) query = query.where('actor_name', '=', filter.actor)
  if (filter.action !== undefined) query = query.where('action', '=', filter.action)
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome)
  if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('at', '<', filter.to)
  const ordered = query.orderBy('id', newest ? 'desc' : 'asc')
  const chunk = filter.q === undefined ? Math.min(limit, READ_CHUNK) : MESSAGE_CHUNK
  const fits = textMatcher(filter.q ?? '')
  for (let beyond = from; ;) {
    const page = beyond === undefined ? ordered : ordered.where('id', newest ? '<' : '>', beyond)
    const rows = await page.select(['id', 'message']).limit(chunk).execute()
    const ids = rows.filter(({ message }) => fits(message)).map(({ id }) => id)
    yield* entriesOf(db, filter, { order, limit }, ids)
    const end = rows.at(-1)
    if (end === undefined || rows.length < chunk) return
    beyond = end.id
  }
}

async function* indexed(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { order, limit, from }: SearchRange,
  indexedEnd: number,
): AsyncGenerator<AuditEntry[]> {
  const terms = termsOfFilter(filter)
  const newest = order === 'newest'
  for await (const blocks of batchesOfBlocks(db, filter, terms, { order, from })) {
    const sets = await setsOf(db, terms, blocks)
    const ids: number[] = []
    for (const block of blocks) {
      const set = sets.get(block.block)
      if (!set) continue
      await keepTimes(db, filter, block, set)
      const first = firstIdOf(block.block)
      const inBlock = set.offsets().map((offset) => first + offset)
      ids.push(...(newest ? inBlock.reverse() : inBlock))
    }
    const wanted = ids.filter(
      (id) => id <= indexedEnd && (from === undefined || (newest ? id < from : id > from)),
    )
    yield* entriesOf(db, filter, { order, limit }, wanted)
  }
}

/** Reads the entries, as many at once as are still asked for at most, and decides on each. */
async function* entriesOf(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { order, limit }: Pick<SearchRange, 'order' | 'limit'>,
  ids: readonly number[],
): AsyncGenerator<AuditEntry[]> {
  const chunk = Math.min(limit, READ_CHUNK)
  for (let at = 0; at < ids.length; at += chunk) {
    const rows = await db
      .selectFrom('audit_entry')
      .selectAll()
      .where('id', 'in', ids.slice(at, at + chunk))
      .orderBy('id', order === 'newest' ? 'desc' : 'asc')
      .execute()
    yield rows.map(toEntry).filter((entry) => matches(entry, filter))
  }
}

/** Blocks of the wanted time that have every term. What nobody ever wrote is so known by one look at the keys of each. */
async function* batchesOfBlocks(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { exact, prefix }: SearchTerms,
  { order, from }: Pick<SearchRange, 'order' | 'from'>,
): AsyncGenerator<AuditBlockRow[]> {
  const newest = order === 'newest'
  let query = db.selectFrom('audit_block').selectAll()
  // The rarest first: what a person typed before what a list offers.
  if (prefix !== undefined) query = withTerm(query, prefix, prefix + AFTER_EVERY_END)
  for (const term of exact.toReversed()) query = withTerm(query, term, term)
  if (filter.from !== undefined) query = query.where('at_max', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('at_min', '<', filter.to)
  const ordered = query.orderBy('block', newest ? 'desc' : 'asc')
  let beyond = from === undefined ? undefined : blockOf(Math.max(from, 1)) + (newest ? 1 : -1)
  for (let round = 0; ; round += 1) {
    const size = BATCH_BLOCKS[round] ?? BATCH_BLOCKS_MAX
    const page = beyond === undefined ? ordered : ordered.where('block', newest ? '<' : '>', beyond)
    const blocks = await page.limit(size).execute()
    if (blocks.length > 0) yield blocks
    const end = blocks.at(-1)
    if (end === undefined || blocks.length < size) return
    beyond = end.block
  }
}

/** Only blocks with a term that is not before `first` and not behind `last`. */
function withTerm<Row>(
  query: SelectQueryBuilder<Schema, 'audit_block', Row>,
  first: string,
  last: string,
): SelectQueryBuilder<Schema, 'audit_block', Row> {
  return query.where((block) =>
    block.exists(
      block
        .selectFrom('audit_term')
        .select('term')
        .whereRef('audit_term.block', '=', 'audit_block.block')
        .where('term', '>=', first)
        .where('term', '<=', last)
        .limit(1)
        // Without it PostgreSQL makes joins of the looks, in an order of its own.
        .offset(0),
    ),
  )
}

/** What of each block, which has all terms, fits all of them. Blocks without any such entry are left out. */
async function setsOf(
  db: Kysely<Schema>,
  { exact, prefix }: SearchTerms,
  blocks: readonly AuditBlockRow[],
): Promise<Map<number, EntrySet>> {
  const found = new Map<number, EntrySet>()
  const members = db.selectFrom('audit_term').select(['block', 'members'])
  let left = blocks.map(({ block }) => block)
  if (exact.length === 0) for (const block of left) found.set(block, EntrySet.whole())
  else {
    const rows = await members.where('block', 'in', left).where('term', 'in', exact).execute()
    for (const [block, parts] of Map.groupBy(rows, (row) => row.block)) {
      const set = EntrySet.whole()
      for (const part of parts) set.intersect(EntrySet.decode(part.members))
      if (!set.isEmpty()) found.set(block, set)
    }
    left = [...found.keys()]
  }
  if (prefix === undefined || left.length === 0) return found
  const rows = await members
    .where('block', 'in', left)
    .where('term', '>=', prefix)
    .where('term', '<', prefix + AFTER_EVERY_END)
    .execute()
  const beginning = Map.groupBy(rows, (row) => row.block)
  for (const [block, set] of found) {
    const union = EntrySet.empty()
    for (const part of beginning.get(block) ?? []) union.unite(EntrySet.decode(part.members))
    set.intersect(union)
    if (set.isEmpty()) found.delete(block)
  }
  return found
}

/** Takes out what is not of the wanted time, where the block reaches beyond it. */
async function keepTimes(
  db: Kysely<Schema>,
  { from, to }: AuditFilter,
  { block, at_min, at_max }: AuditBlockRow,
  set: EntrySet,
): Promise<void> {
  const cutsFrom = from !== undefined && at_min < from
  const cutsTo = to !== undefined && at_max >= to
  if (!cutsFrom && !cutsTo) return
  const first = firstIdOf(block)
  let query = db
    .selectFrom('audit_entry')
    .select('id')
    .where('id', '>=', first)
    .where('id', '<', first + BLOCK_ENTRIES)
  if (cutsFrom) query = query.where('at', '>=', from)
  if (cutsTo) query = query.where('at', '<', to)
  set.intersect(EntrySet.of((await query.execute()).map(({ id }) => id - first)))
}
