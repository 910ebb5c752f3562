import type { OperationStore } from '../../src/resize/operation-store.ts'
import type { AuditRepository } from '../../src/store/audit-repository.ts'
import type { CrashPlan, CrashPoint } from './crash-points.ts'
import type { StoredPromises } from './oracle/stored-promises.ts'
import { never, type SimulatedProcess } from './simulated-process.ts'

/** What a disk says when it is full. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

/** How the database feels at the moment. */
export interface DatabaseMood {
  full: boolean
  /** The next write fails. */
  failsOnce: boolean
  /** Time that each write takes, ms. */
  busyMs: number
  readonly onFull: () => void
  readonly onBusy: () => void
}

interface CheckedStoreOptions {
  readonly process: SimulatedProcess
  readonly crash: CrashPlan
  readonly mood: DatabaseMood
  readonly promises: StoredPromises
}

/** The operations' store as one server process sees it: with crash points, full disks and busy moments. */
export function checkedOperations(inner: OperationStore, options: CheckedStoreOptions): OperationStore {
  const { process, crash, promises } = options
  return {
    async commit(record, drafts) {
      const opening = drafts.some((draft) => draft.action === 'resize.requested')
      const closing = drafts.some((draft) => draft.action === 'resize.finished')
      const before: CrashPoint = opening ? 'before-opening' : closing ? 'before-closing' : 'before-commit'
      const after: CrashPoint = opening ? 'after-opening' : closing ? 'after-closing' : 'after-commit'
      if (!process.alive || crash.at(before)) await never()
      await trouble(options)
      await inner.commit(record, drafts)
      promises.committed(record, drafts)
      if (!process.alive || crash.at(after)) await never()
    },
    async replace(closed, opened) {
      if (!process.alive || crash.at('before-opening')) await never()
      await trouble(options)
      await inner.replace(closed, opened)
      promises.committed(closed.record, closed.audit)
      promises.committed(opened.record, opened.audit)
      if (!process.alive || crash.at('after-opening')) await never()
    },
    async loadOpen() {
      const open = await process.heard(inner.loadOpen())
      if (crash.at('while-starting')) await never()
      return open
    },
    get: (id) => process.heard(inner.get(id)),
    listForVm: (vm, page) => process.heard(inner.listForVm(vm, page)),
    listEnded: (limit) => process.heard(inner.listEnded(limit)),
  }
}

/** The audit's store as one server process sees it. */
export function checkedEntries(
  inner: AuditRepository,
  options: Omit<CheckedStoreOptions, 'promises'>,
): AuditRepository {
  const { process, crash } = options
  return {
    async append(drafts) {
      if (!process.alive || crash.at('before-audit-entry')) await never()
      await trouble(options)
      const entries = await inner.append(drafts)
      if (!process.alive || crash.at('after-audit-entry')) await never()
      return entries
    },
    appendWithin: (transaction, drafts) => inner.appendWithin(transaction, drafts),
    head: () => process.heard(inner.head()),
    settled: () => process.heard(inner.settled()),
    follow: (start, end) => process.heard(inner.follow(start, end)),
    newest: (filter, limit, before) => process.heard(inner.newest(filter, limit, before)),
    oldest: (filter, limit, after) => process.heard(inner.oldest(filter, limit, after)),
  }
}

async function trouble({ process, mood }: { process: SimulatedProcess; mood: DatabaseMood }): Promise<void> {
  if (mood.busyMs > 0) {
    mood.onBusy()
    await new Promise<void>((resolve) => process.clock.after(mood.busyMs, resolve))
  }
  if (mood.full || mood.failsOnce) {
    mood.failsOnce = false
    mood.onFull()
    throw new DiskFullError('database or disk is full')
  }
}
