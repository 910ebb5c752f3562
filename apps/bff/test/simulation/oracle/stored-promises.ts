import { isOpen } from '@coreshift/shared'
import type { AuditDraft } from '../../../src/audit/audit-log.ts'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { History } from '../history.ts'

interface Known {
  record: OperationRecord
  openings: number
  closings: number
}

/** What all servers of one simulation have stored together, checked at every commit. */
export class StoredPromises {
  readonly #known = new Map<string, Known>()
  readonly #history: History
  readonly #fail: (error: unknown) => void
  readonly #told: (record: OperationRecord) => void

  constructor(parts: {
    readonly history: History
    readonly fail: (error: unknown) => void
    /** A version is stored: whoever looks is told so. */
    readonly told: (record: OperationRecord) => void
  }) {
    this.#history = parts.history
    this.#fail = parts.fail
    this.#told = parts.told
  }

  get records(): OperationRecord[] {
    return [...this.#known.values()].map(({ record }) => record)
  }

  committed(record: OperationRecord, drafts: readonly AuditDraft[]): void {
    const known = this.#known.get(record.id) ?? { record, openings: 0, closings: 0 }
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
    this.#told(record)
    known.record = record
    this.#known.set(record.id, known)
    const open = this.records.filter((each) => each.vm === record.vm && isOpen(each.state))
    if (open.length > 1) this.#break(record, `is one of ${open.length} open operations of a VM`)
  }

  #break(record: OperationRecord, what: string): void {
    this.#fail(new BrokenPromise(`operation ${record.id} (${record.kind}, ${record.state}) ${what}`))
  }
}
