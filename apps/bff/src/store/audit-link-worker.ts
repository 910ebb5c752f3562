import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { followPage, selectLinks, type LinkRow } from './audit-links.ts'

const PAGE_LINKS = 1_000

const Work = z.object({
  file: z.string(),
  start: z.object({ id: z.int(), hash: z.string() }),
  end: z.int(),
})

/** Follows a part of the chain on a connection and a processor of its own, and says how far it surely fits. */
function follow(): { id: number; hash: string } {
  const { file, start, end } = Work.parse(workerData)
  using sqlite = new DatabaseSync(file, { readOnly: true })
  // One view of the data from the first page to the last.
  sqlite.exec('begin')
  // A row as an array takes two thirds of the time of one as an object.
  const statement = sqlite.prepare(selectLinks('sqlite', ['?', '?']))
  statement.setReturnArrays(true)
  let head = start
  while (head.id < end) {
    const rows = statement.all(head.id, Math.min(PAGE_LINKS, end - head.id)).map(asLink)
    const reached = followPage(head, rows)
    const whole = reached.id === rows.at(-1)?.id
    head = reached
    if (!whole) break
  }
  return head
}

function asLink(row: unknown): LinkRow {
  const [id, hash, lead, detail, duration_ms, rest]: readonly unknown[] = Array.isArray(row) ? row : []
  return { id: typeof id === 'number' ? id : -1, hash, lead, detail, duration_ms, rest }
}

parentPort?.postMessage(follow())
