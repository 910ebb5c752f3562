import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ChainHead } from '../audit/audit-chain.ts'
import type { Database, DatabaseKind } from './database.ts'

/** Links followed before others get their turn. */
const PAGE_LINKS = 1_000

/**
 * A row of the audit as far as its hash needs it: the database spells the members that are text, which is several
 * times as quick as reading each of them. It spells exactly as `canonicalJson` does; where a release of the database
 * did not, the link is in doubt and looked at with care, never taken for whole.
 */
export interface LinkRow {
  readonly id: number
  readonly hash: unknown
  /** Members that sort before the duration; null where something is of a kind it cannot be. */
  readonly lead: unknown
  /** The detail where `lead` lacks it. */
  readonly detail: unknown
  readonly duration_ms: unknown
  /** Members that sort behind the duration. */
  readonly rest: unknown
}

/** Reads links behind a position, in order. The two parameters are that position and how many at most. */
export function selectLinks(kind: DatabaseKind, [after, limit]: readonly [string, string]): string {
  // SQLite keeps bytes in a column of text: what is none becomes null, and so does the whole.
  const quote = (column: string): string =>
    kind === 'sqlite'
      ? `case when typeof(${column}) = 'text' then json_quote(${column}) end`
      : `to_json(${column})::text`
  const member = (name: string, column: string): string => `'"${name}":' || ${quote(column)}`
  const before = (name: string, column: string): string =>
    `case when ${column} is null then '' else ${member(name, column)} || ',' end`
  const behind = (name: string, column: string): string =>
    `case when ${column} is null then '' else ',' || ${member(name, column)} end`
  // Bytes of one column must not pass for another member: only a whole JSON value is a detail. PostgreSQL 15 cannot
  // tell what is one, so there the detail is looked at by `fits`.
  const checkedDetail = `case when detail is null then ''
    when typeof(detail) = 'text' and json_valid(detail) then '"detail":' || detail || ',' end`
  return `select id, hash,
    '{' || ${member('action', 'action')} || ',"actor":{' || ${before('address', 'actor_address')}
      || ${member('kind', 'actor_kind')} || ',' || ${member('name', 'actor_name')} || '},'
      || ${member('at', 'at')} || ','${kind === 'sqlite' ? ` || ${checkedDetail}` : ''} as lead,
    ${kind === 'sqlite' ? 'null' : 'detail'} as detail, duration_ms,
    ${before('host', 'host')} || '"id":' || id || ',' || ${member('message', 'message')} || ','
      || ${before('operation', 'operation')} || ${member('outcome', 'outcome')}
      || ${behind('requestId', 'request_id')} || ${behind('vm', 'vm')} || ${behind('vmName', 'vm_name')}
      || '}' as rest
    from audit_entry where id > ${after} order by id limit ${limit}`
}

/**
 * Follows one page of links.
 * @returns the last link that surely fits; `head` itself when not even the first does
 */
export function followPage(head: ChainHead, page: Iterable<LinkRow>): ChainHead {
  let last = head
  for (const row of page) {
    if (!fits(last, row)) return last
    last = { id: row.id, hash: String(row.hash) }
  }
  return last
}

function fits(head: ChainHead, row: LinkRow): boolean {
  const { id, lead, detail, duration_ms: duration, rest } = row
  if (id !== head.id + 1 || typeof lead !== 'string' || typeof rest !== 'string') return false
  let text = `${head.hash}\n${lead}`
  if (detail !== null) {
    if (typeof detail !== 'string' || !isJson(detail)) return false
    text += `"detail":${detail},`
  }
  if (duration !== null) {
    if (typeof duration !== 'number') return false
    text += `"durationMs":${JSON.stringify(duration)},`
  }
  return hash('sha256', text + rest, 'hex') === row.hash
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Follows the chain as fast as it can be read.
 * @param end id of the last entry to look at
 * @returns the last link that surely fits: `end`'s when all do
 */
export async function followLinks(database: Database, start: ChainHead, end: number): Promise<ChainHead> {
  let head = start
  while (head.id < end) {
    const limit = Math.min(PAGE_LINKS, end - head.id)
    const query = sql<LinkRow>`${sql.raw(selectLinks(database.kind, [String(head.id), String(limit)]))}`
    const page = (await query.execute(database.db)).rows
    const reached = followPage(head, page)
    head = reached
    if (reached.id !== page.at(-1)?.id) return head
    await nextTurn()
  }
  return head
}
