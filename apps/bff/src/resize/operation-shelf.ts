import { isOpen } from '@coreshift/shared'
import type { OperationRecord } from './operation-record.ts'

/** Ended operations kept at hand so that a late completion finds them, newest first. */
export const REMEMBERED_ENDED = 2000

/** Anything that carries the present state of an operation. */
interface Shelved {
  readonly record: OperationRecord
}

/** The operations at hand, findable by VM. Open ones stay; of the ended ones the newest, within a bound. */
export class OperationShelf<T extends Shelved> {
  readonly #items = new Map<string, T>()
  /** The open operation of a VM, else its latest. */
  readonly #latest = new Map<string, string>()
  /** Ended operations of a VM whose vCPUs may still go: a late completion is theirs. */
  readonly #unsettled = new Map<string, Set<string>>()
  /** In the order of their ends. */
  readonly #ended = new Set<string>()

  add(item: T): void {
    const { record } = item
    this.#items.set(record.id, item)
    this.#latest.set(record.vm, record.id)
    if (!isOpen(record.state)) this.noteEnd(record)
  }

  /** An operation ended, or changed after its end. */
  noteEnd(record: OperationRecord): void {
    const waiting = this.#unsettled.get(record.vm) ?? new Set<string>()
    if (mayStillComplete(record)) waiting.add(record.id)
    else waiting.delete(record.id)
    if (waiting.size > 0) this.#unsettled.set(record.vm, waiting)
    else this.#unsettled.delete(record.vm)
    this.#ended.add(record.id)
    const [oldest] = this.#ended
    if (oldest !== undefined && this.#ended.size > REMEMBERED_ENDED) this.#forget(oldest)
  }

  get(id: string): T | undefined {
    return this.#items.get(id)
  }

  values(): Iterable<T> {
    return this.#items.values()
  }

  /** The open operation of a VM, else its latest. */
  latestOf(uuid: string): OperationRecord | undefined {
    const id = this.#latest.get(uuid)
    return id === undefined ? undefined : this.#items.get(id)?.record
  }

  /** Ended operations of a VM whose vCPUs may still go. */
  unsettledOf(uuid: string): OperationRecord[] {
    return [...(this.#unsettled.get(uuid) ?? [])].flatMap((id) => this.#items.get(id)?.record ?? [])
  }

  #forget(id: string): void {
    this.#ended.delete(id)
    const record = this.#items.get(id)?.record
    if (!record) return
    this.#items.delete(id)
    if (this.#latest.get(record.vm) === id) this.#latest.delete(record.vm)
    this.#unsettled.get(record.vm)?.delete(id)
  }
}

/** Whether vCPUs of an ended operation were asked for and are still there: the guest may let them go at any time. */
export function mayStillComplete(record: OperationRecord): boolean {
  return record.vcpus.some((vcpu) => vcpu.state === 'pending-removal' || vcpu.state === 'stuck')
}
