import { isOpen } from '@coreshift/shared'
import type { AuditEntry } from '@coreshift/shared/contract'
import { CHAIN_START, linkEntry } from '../../src/audit/audit-chain.ts'
import type { AuditDraft } from '../../src/audit/audit-log.ts'
import type { OperationRecord } from '../../src/resize/operation-record.ts'
import type { OperationChange, OperationStore } from '../../src/resize/operation-store.ts'
import type { AuditRepository } from '../../src/store/audit-repository.ts'
import { StaleOperationError } from '../../src/store/operation-repository.ts'

/** What survives a kill: operations and audit entries, and how they are written. */
export interface Durable {
  readonly operations: OperationStore
  readonly entries: AuditRepository
  close(): Promise<void>
}

/**
 * The store in memory, with the promises of the real one: a commit is whole or not at all, a stale one is refused,
 * what comes out is what went in as JSON.
 * @param onAudit told after a commit, as the real repository does
 */
export function durableMemory(onAudit: (entries: readonly AuditEntry[]) => void): Durable {
  const bodies = new Map<string, { readonly seq: number; readonly open: boolean; readonly body: string }>()
  const chain: AuditEntry[] = []

  const link = (drafts: readonly AuditDraft[]): AuditEntry[] =>
    drafts.map((draft) => {
      const entry = linkEntry(chain.at(-1) ?? CHAIN_START, draft)
      chain.push(entry)
      return entry
    })
  const read = (keep: (record: OperationRecord) => boolean): OperationRecord[] =>
    [...bodies.values()].map(({ body }) => JSON.parse(body) as OperationRecord).filter(keep)
  const byAge = (a: OperationRecord, b: OperationRecord): number =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1

  async function commit(changes: readonly OperationChange[]): Promise<void> {
    await Promise.resolve()
    for (const { record } of changes) {
      const stored = bodies.get(record.id)
      if (stored !== undefined && stored.seq >= record.seq) {
        throw new StaleOperationError(`operation ${record.id} is stored with revision ${record.seq} or later`)
      }
    }
    for (const { record } of changes) {
      bodies.set(record.id, {
        seq: record.seq,
        open: isOpen(record.state),
        body: JSON.stringify(record),
      })
    }
    onAudit(link(changes.flatMap(({ audit }) => audit)))
  }

  const operations: OperationStore = {
    commit: (record, audit) => commit([{ record, audit }]),
    replace: (closed, opened) => commit([closed, opened]),
    loadOpen: async () => read((record) => isOpen(record.state)).sort(byAge),
    async get(id) {
      const stored = bodies.get(id)
      return stored && (JSON.parse(stored.body) as OperationRecord)
    },
    // Simulations read no page but the first.
    listForVm: async (vm, { limit }) =>
      read((record) => record.vm === vm)
        .sort(byAge)
        .toReversed()
        .slice(0, limit),
    listEnded: async (limit) =>
      read((record) => !isOpen(record.state))
        .sort(byAge)
        .toReversed()
        .slice(0, limit),
  }
  const entries: AuditRepository = {
    append: async (drafts) => link(drafts),
    appendWithin: async (_transaction, drafts) => link(drafts),
    head: async () => chain.at(-1) ?? CHAIN_START,
    settled: () => Promise.resolve(),
    // Nothing is sure beforehand: every link is looked at with care.
    follow: async (start) => start,
    newest: async (_filter, limit) => chain.toReversed().slice(0, limit),
    oldest: async (_filter, limit, after) => chain.slice(after, after + limit),
  }
  return { operations, entries, close: async () => undefined }
}
