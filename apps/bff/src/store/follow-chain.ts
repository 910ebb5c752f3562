import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { ChainHead } from '../audit/audit-chain.ts'
import { followLinks } from './audit-links.ts'
import type { Database } from './database.ts'

const WORKER = join(import.meta.dirname, 'audit-link-worker.ts')

/** Below this many entries a thread costs more than it saves. */
const WORKER_ENTRIES_MIN = 20_000

/** Threads at most: the server has other work too. */
const WORKERS_MAX = 4

const Reached = z.object({ id: z.int(), hash: z.string() })

/**
 * Follows the chain, a long one in SQLite on threads of their own, each from the stored hash at which its part begins.
 * @param end id of the last entry to look at
 * @returns the last link that surely fits: `end`'s when all do
 */
export async function followChain(database: Database, start: ChainHead, end: number): Promise<ChainHead> {
  const { file } = database
  if (file === undefined || end - start.id < WORKER_ENTRIES_MIN) return followLinks(database, start, end)
  const borders = [start]
  const parts = Math.min(
    WORKERS_MAX,
    availableParallelism(),
    Math.floor((end - start.id) / WORKER_ENTRIES_MIN) + 1,
  )
  for (let part = 1; part < parts; part += 1) {
    const id = start.id + Math.floor(((end - start.id) * part) / parts)
    const border = await database.db
      .selectFrom('audit_entry')
      .select(['id', 'hash'])
      .where('id', '=', id)
      .executeTakeFirst()
    // A missing border is found by the part that leads there.
    if (border) borders.push(border)
  }
  const reached = await Promise.all(
    borders.map((border, index) => followInWorker(file, border, borders[index + 1]?.id ?? end)),
  )
  for (const [index, head] of reached.entries()) {
    const border = borders[index + 1] ?? { id: end, hash: head.hash }
    if (head.id !== border.id || head.hash !== border.hash) return head
  }
  return reached.at(-1) ?? start
}

function followInWorker(file: string, start: ChainHead, end: number): Promise<ChainHead> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, {
      workerData: { file, start: { id: start.id, hash: start.hash }, end },
    })
    worker.once('message', (message: unknown) => resolve(Reached.parse(message)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that verifies ended early with code ${code}`)))
  })
}
