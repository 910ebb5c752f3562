import { formatVcpuRanges } from '@coreshift/shared'
import type { AuditDraft } from '../../audit/audit-log.ts'
import type { EngineMemory, OperationRecord } from '../operation-record.ts'
import type { Effect, Turn } from './engine-io.ts'
import { describeOperation } from './operation-sentence.ts'

type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** Longest timeline kept on an operation; a removal that is asked again for days must not grow without end. */
const TIMELINE_LIMIT = 500

interface NoteExtra {
  readonly vcpus?: readonly number[]
  readonly detail?: string
}

/** Collects what one input changes: a new record, effects, audit entries. Nothing outside is touched. */
export class TurnBuilder {
  readonly at: number
  readonly #before: OperationRecord
  #record: OperationRecord
  #instant: string | undefined
  readonly #effects: Effect[] = []
  readonly #audit: AuditDraft[] = []

  constructor(record: OperationRecord, at: number) {
    this.at = at
    this.#before = record
    this.#record = record
  }

  get record(): OperationRecord {
    return this.#record
  }

  get instant(): string {
    return (this.#instant ??= new Date(this.at).toISOString())
  }

  set(change: Partial<Omit<OperationRecord, 'memory' | 'seq'>>): void {
    this.#record = { ...this.#record, ...change }
  }

  /** For the rare change that takes a public field away. */
  replace(record: OperationRecord): void {
    this.#record = record
  }

  remember(change: Partial<EngineMemory>): void {
    this.#record = { ...this.#record, memory: { ...this.#record.memory, ...change } }
  }

  /** Takes optional facts out of the memory: absent, never `undefined`. */
  forget(...keys: Optional<EngineMemory>[]): void {
    if (!keys.some((key) => this.#record.memory[key] !== undefined)) return
    const memory = { ...this.#record.memory }
    for (const key of keys) delete (memory as Partial<EngineMemory>)[key]
    this.#record = { ...this.#record, memory }
  }

  /** When the operation is looked at next. */
  wakeAt(epochMs: number): void {
    this.set({ deadlineAt: new Date(epochMs).toISOString() })
  }

  /** A step of the flight recorder. */
  note(what: string, text: string, extra: NoteExtra = {}): void {
    const step = {
      at: this.instant,
      what,
      text,
      ...(extra.vcpus && { vcpus: [...extra.vcpus] }),
      ...(extra.detail !== undefined && { detail: extra.detail }),
    }
    const timeline = [...this.#record.timeline, step]
    // The beginning and the newest steps tell the story; the middle of an endless wait does not.
    if (timeline.length > TIMELINE_LIMIT) timeline.splice(20, timeline.length - TIMELINE_LIMIT)
    this.set({ timeline })
  }

  audit(
    action: string,
    outcome: AuditDraft['outcome'],
    message: string,
    extra: Pick<AuditDraft, 'durationMs' | 'detail' | 'requestId'> & {
      readonly actor?: AuditDraft['actor']
    } = {},
  ): void {
    const { id, vm, vmName, host, requestedBy } = this.#record
    const { actor, ...rest } = extra
    this.#audit.push({
      at: this.instant,
      actor: actor ?? requestedBy,
      action,
      outcome,
      vm,
      vmName,
      host,
      operation: id,
      message,
      ...rest,
    })
  }

  /** The same words in the flight recorder and in the audit. */
  tell(
    what: string,
    outcome: AuditDraft['outcome'],
    text: string,
    extra: NoteExtra & { durationMs?: number } = {},
  ): void {
    this.note(what, text, extra)
    this.audit(`resize.${what}`, outcome, text, {
      ...(extra.durationMs !== undefined && { durationMs: extra.durationMs }),
      ...((extra.vcpus || extra.detail !== undefined) && {
        detail: {
          ...(extra.vcpus && { vcpus: formatVcpuRanges(extra.vcpus) }),
          ...(extra.detail !== undefined && { libvirt: extra.detail }),
        },
      }),
    })
  }

  effect(effect: Effect): void {
    this.#effects.push(effect)
  }

  build(): Turn {
    const changed = this.#record !== this.#before
    const record = changed
      ? { ...this.#record, seq: this.#before.seq + 1, sentence: describeOperation(this.#record) }
      : this.#before
    return { record, effects: this.#effects, audit: this.#audit }
  }
}
