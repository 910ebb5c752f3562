import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createAuditLog } from '../../src/audit/durable-audit-log.ts'
import { createAuditRepository } from '../../src/store/audit-repository.ts'
import { openSqlite } from '../../src/store/database.ts'
import { createOperationRepository } from '../../src/store/operation-repository.ts'

const WRITER = join(import.meta.dirname, 'crash-writer.ts')

/** The writer is killed after this many acknowledged entries at most. */
const ACKNOWLEDGED_MAX = 60

/** What one kill left behind. */
interface Aftermath {
  readonly acknowledged: number
  /** Acknowledged entries that are not there, or are not what was acknowledged. */
  readonly lost: readonly number[]
  readonly verified: boolean
  readonly entries: number
  /** Operations without the entry that was stored with them, and the other way round. */
  readonly halves: number
}

/**
 * Lets the writer work on the database and kills it with SIGKILL in the midst of it; then opens what is left.
 * @param chance 0 to below 1: how late it is killed
 */
export async function killUnderLoad(file: string, chance: number): Promise<Aftermath> {
  const acknowledged = await writeUntilKilled(file, 1 + Math.floor(chance * ACKNOWLEDGED_MAX))
  const database = await openSqlite(file)
  try {
    const repository = createAuditRepository(database)
    const lost: number[] = []
    for (const [id, hash] of acknowledged) {
      const [entry] = await repository.oldest({}, 1, id - 1)
      if (entry?.id !== id || entry.hash !== hash) lost.push(id)
    }
    const log = await createAuditLog({ repository, onProblem: () => undefined })
    const { ok, verifiedUpTo } = await log.verify()
    return {
      acknowledged: acknowledged.size,
      lost,
      verified: ok,
      entries: verifiedUpTo,
      halves: await countHalves(),
    }
  } finally {
    await database.close()
  }

  async function countHalves(): Promise<number> {
    const repository = createAuditRepository(database)
    const operations = createOperationRepository({ database, audit: repository, onAudit: () => undefined })
    const stored = new Set((await operations.loadOpen()).map(({ id }) => id))
    const told = new Set<string>()
    for (let after = 0; ;) {
      const entries = await repository.oldest({}, 2_000, after)
      for (const { operation } of entries) if (operation !== undefined) told.add(operation)
      after = entries.at(-1)?.id ?? after
      if (entries.length < 2_000) break
    }
    return stored.symmetricDifference(told).size
  }
}

/** @returns what was acknowledged before the kill: id and hash */
async function writeUntilKilled(file: string, entries: number): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [WRITER, file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal))
  })
  const acknowledged = new Map<number, string>()
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', hash = ''] = line.split(' ')
    // The last line may have been cut by the kill: then it was not acknowledged to anybody.
    if (hash.length === 64) acknowledged.set(Number(id), hash)
    if (acknowledged.size === entries) child.kill('SIGKILL')
  }
  const signal = await ended
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${words}`)
  return acknowledged
}
