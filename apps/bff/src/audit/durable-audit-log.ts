import type { AuditEntry } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import { SingleFlight } from '../single-flight.ts'
import type { AuditRepository } from '../store/audit-repository.ts'
import type { AuditFilter, AuditLog } from './audit-log.ts'
import { wholeChain, type ChainStart } from './chain-start.ts'
import { verifyChain } from './verify-chain.ts'

/** Entries read at once while exporting. */
const READ_CHUNK = 2_000

export interface DurableAuditLog extends AuditLog {
  /** Takes note of entries that were stored together with a change (see OperationStore) and tells the listeners. */
  readonly noteAppended: (entries: readonly AuditEntry[]) => void
  /**
   * Looks for entries that another process appended (the command line, another server) and tells the listeners: all
   * that were stored before it was called.
   * @throws when the database does not answer
   */
  catchUp(): Promise<void>
}

interface AuditLogOptions {
  readonly repository: AuditRepository
  /** What the first entry that is kept follows; default: nothing was ever removed. */
  readonly start?: ChainStart
  /** Told when a listener throws or missing entries cannot be read: neither may hurt who appended. */
  readonly onProblem: (message: string, cause: unknown) => void
}

/**
 * The audit log over its repository. Listeners hear every entry once and in the order of the chain, whichever
 * process appended it and in whatever order the database's answers came back.
 */
export async function createAuditLog(options: AuditLogOptions): Promise<DurableAuditLog> {
  const { repository, onProblem, start = wholeChain } = options
  const listeners = new Set<(entry: AuditEntry) => void>()
  /** Stored entries whose predecessors have not been told yet; emptied by `tell`. */
  const waiting = new Map<number, AuditEntry>()
  let told = (await repository.head()).id

  function tell(): void {
    for (let entry = waiting.get(told + 1); entry; entry = waiting.get(told + 1)) {
      waiting.delete(entry.id)
      told = entry.id
      for (const listener of listeners) {
        try {
          listener(entry)
        } catch (cause) {
          onProblem(`a listener failed on audit entry ${entry.id}`, cause)
        }
      }
    }
  }

  async function readMissing(): Promise<void> {
    for (;;) {
      const found = await repository.oldest({}, READ_CHUNK, told)
      // Another process's entry may be seen before it is durable: nothing is said, or signed, of one that may vanish.
      if (found.length > 0) await repository.settled()
      for (const entry of found) if (entry.id > told) waiting.set(entry.id, entry)
      tell()
      if (found.length < READ_CHUNK) return
    }
  }

  const reading = new SingleFlight<'all', void>(readMissing)
  const catchUp = (): Promise<void> => reading.run('all')

  function noteAppended(entries: readonly AuditEntry[]): void {
    for (const entry of entries) if (entry.id > told) waiting.set(entry.id, entry)
    tell()
    if (waiting.size > 0) {
      catchUp().catch((cause: unknown) => onProblem('entries of another process could not be read', cause))
    }
  }

  return {
    noteAppended,
    catchUp,
    async append(draft) {
      const [entry] = await repository.append([draft])
      if (!entry) throw new Error('the audit log stored nothing')
      noteAppended([entry])
      return entry
    },
    async list(filter, page) {
      const before = page.cursor === undefined ? undefined : positionOf(page.cursor)
      const items = await repository.newest(filter, page.limit + 1, before)
      const last = items.length > page.limit ? items[page.limit - 1] : undefined
      return {
        items: items.slice(0, page.limit),
        ...(last === undefined ? {} : { nextCursor: cursorAfter(last) }),
      }
    },
    cursorAfter,
    async *export(filter: AuditFilter) {
      for (let after = 0; ;) {
        const chunk = await repository.oldest(filter, READ_CHUNK, after)
        yield* chunk
        const last = chunk.at(-1)
        if (!last || chunk.length < READ_CHUNK) return
        after = last.id
      }
    },
    verify: () => verifyChain(repository, start),
    onAppend(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function cursorAfter({ id }: AuditEntry): string {
  return String(id)
}

function positionOf(cursor: string): number {
  const position = Number(cursor)
  if (!/^\d{1,15}$/.test(cursor) || position < 1) {
    throw new Failure(
      'invalid-request',
      `"${cursor}" is no cursor of this list; use nextCursor of the page before`,
    )
  }
  return position
}
