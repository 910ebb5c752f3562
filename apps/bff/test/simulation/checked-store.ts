import { isOpen } from '@coreshift/shared'
import type { AuditDraft } from '../../src/audit/audit-log.ts'
import { BrokenPromise } from '../../src/resize/engine/testing/promises.ts'
import type { OperationRecord } from '../../src/resize/operation-record.ts'
import type { OperationStore } from '../../src/resize/operation-store.ts'
import type { AuditRepository } from '../../src/store/audit-repository.ts'
import type { CrashPlan, CrashPoint } from './crash-points.ts'
import type { History } from './history.ts'
import { never, type SimulatedProcess } from './simulated-process.ts'
import type { MissingSince } from './truth.ts'

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

interface Known {
  record: OperationRecord
  openings: number
  closings: number
  readonly firstSeenAt: number
}

/** What all servers of one simulation have stored together, checked at every commit. */
export class StoredPromises {
  readonly #known = new Map<string, Known>()
  readonly #missing: MissingSince
  readonly #look: () => void
  readonly #history: History
  readonly #now: () => number
  readonly #fail: (error: unknown) => void
  readonly #told: (record: OperationRecord) => void

  constructor(parts: {
    readonly missing: MissingSince
    /** Looks at the truth now. */
    readonly look: () => void
    readonly history: History
    readonly now: () => number
    readonly fail: (error: unknown) => void
    /** A version is stored: whoever looks is told so. */
    readonly told: (record: OperationRecord) => void
  }) {
    this.#missing = parts.missing
    this.#look = parts.look
    this.#history = parts.history
    this.#now = parts.now
    this.#fail = parts.fail
    this.#told = parts.told
  }

  get records(): OperationRecord[] {
    return [...this.#known.values()].map(({ record }) => record)
  }

  committed(record: OperationRecord, drafts: readonly AuditDraft[]): void {
    const known = this.#known.get(record.id) ?? {
      record,
      openings: 0,
      closings: 0,
      firstSeenAt: this.#now(),
    }
    const vcpus = record.vcpus.map(({ id, state }) => `${id}:${state}`).join(' ')
    this.#history.add(
      `stored ${record.id.slice(-4)} ${record.kind} ${record.seq} ${record.state} #${record.attempts} [${vcpus}] ${drafts.map((draft) => draft.action.replace('resize.', '')).join(' ')}`,
    )
    this.#history.addQuietly(JSON.stringify([record, drafts]))
    for (const { action } of drafts) {
      if (action === 'resize.requested') known.openings += 1
      if (action === 'resize.finished') known.closings += 1
    }
    if (known.openings !== 1) this.#break(record, `has ${known.openings} opening audit entries`)
    if (known.closings !== (isOpen(record.state) ? 0 : 1)) {
      this.#break(record, `is ${record.state} with ${known.closings} closing audit entries`)
    }
    if (isOpen(record.state) !== (record.deadlineAt !== undefined)) this.#break(record, 'has no deadline')
    this.#look()
    this.#told(record)
    for (const { id, state } of record.vcpus) {
      const before = known.record.vcpus.find((vcpu) => vcpu.id === id)?.state
      if (state !== 'removed' || before === 'removed') continue
      const missing = this.#missing.lastMissing(record.vm, id)
      if (missing === undefined || missing < known.firstSeenAt) {
        this.#break(record, `calls vCPU ${id} removed, which was there all the time`)
      }
    }
    known.record = record
    this.#known.set(record.id, known)
    const open = this.records.filter((each) => each.vm === record.vm && isOpen(each.state))
    if (open.length > 1) this.#break(record, `is one of ${open.length} open operations of a VM`)
  }

  #break(record: OperationRecord, what: string): void {
    this.#fail(new BrokenPromise(`operation ${record.id} (${record.kind}, ${record.state}) ${what}`))
  }
}

export interface CheckedStoreOptions {
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
      const opening = record.seq === 1
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
    listForVm: (vm, limit) => process.heard(inner.listForVm(vm, limit)),
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
