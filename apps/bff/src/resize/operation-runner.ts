import { isOpen } from '@coreshift/shared'
import type { Actor, Operation } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { OperationSource, VmReader } from '../inventory/inventory-ports.ts'
import type { Input, Turn } from './engine/engine-io.ts'
import { advance } from './engine/resize-engine.ts'
import { InventoryEar } from './hear-inventory.ts'
import { toOperation, type OperationRecord } from './operation-record.ts'
import { mayStillComplete, OperationShelf, REMEMBERED_ENDED } from './operation-shelf.ts'
import type { OperationStore } from './operation-store.ts'
import { EffectPerformer } from './perform-effect.ts'

/** Pause before storing is tried again when the database refuses, ms. Inputs wait meanwhile; none is lost. */
const STORE_RETRY_MS = 1000
/** Longest wait for libvirt's answer before an operation is replaced, ms: the answer tells what was asked at all. */
const ANSWER_WAIT_MS = 5000

export interface RunnerDependencies {
  readonly clock: Clock
  readonly vms: VmReader
  readonly store: OperationStore
  readonly audit: (draft: AuditDraft) => Promise<unknown>
  readonly problem: (text: string, error: unknown) => void
  /** The engine; a simulation puts one here that checks its promises. */
  readonly advance?: (record: OperationRecord, input: Input) => Turn
}

/** A newer operation that takes the place of the open one. */
interface Replacement {
  readonly type: 'replacement'
  readonly by: Actor
  /** The newer operation, merged with what is open now; `undefined`: it has ended meanwhile. May throw. */
  readonly merge: (open: OperationRecord | undefined) => Turn
  readonly resolve: (record: OperationRecord) => void
  readonly reject: (error: unknown) => void
}

/** An input with the moment at which it came. */
interface Arrival {
  readonly type: 'input'
  readonly input: Input
  readonly moment: number
}

interface Slot {
  record: OperationRecord
  readonly inbox: (Arrival | Replacement)[]
  working: boolean
  cancelTimer: (() => void) | undefined
  /** Resolved when the inbox has been worked off. */
  idle: Promise<void>
}

/**
 * The engine's shell: feeds each operation its inputs one by one, stores what came out, and only then performs the
 * effects. Crash anywhere: what is stored says what to do next (R10).
 */
export class OperationRunner implements OperationSource {
  readonly #dependencies: RunnerDependencies
  readonly #advance: (record: OperationRecord, input: Input) => Turn
  readonly #shelf = new OperationShelf<Slot>()
  readonly #listeners = new Set<(operation: Operation) => void>()
  readonly #effects: EffectPerformer
  /** What the inventory tells goes in here. */
  readonly ear: InventoryEar
  #stopped = false

  constructor(dependencies: RunnerDependencies) {
    this.#dependencies = dependencies
    this.#advance = dependencies.advance ?? advance
    const { clock, vms, audit, problem } = dependencies
    this.ear = new InventoryEar({ clock, vms, audit, problem, operations: this })
    this.#effects = new EffectPerformer({
      clock,
      vms,
      problem,
      feed: (id, input) => this.feed(id, input),
      isNewest: (id, attempt) => {
        const record = this.get(id)
        return record !== undefined && isOpen(record.state) && record.attempts === attempt
      },
    })
  }

  /** Takes up what was open when the server last ended. */
  async start(): Promise<void> {
    const { store, clock } = this.#dependencies
    for (const record of (await store.listEnded(REMEMBERED_ENDED)).toReversed()) {
      this.#adopt(record)
      if (mayStillComplete(record)) this.feed(record.id, { type: 'resume', at: clock.now() })
    }
    for (const record of await store.loadOpen()) {
      this.#arm(this.#adopt(record))
      this.feed(record.id, { type: 'resume', at: clock.now() })
    }
  }

  /** No further input is taken. What is stored goes on with the next start. */
  stop(): void {
    this.#stopped = true
    for (const slot of this.#shelf.values()) slot.cancelTimer?.()
  }

  /** Stores a new operation and starts it. Resolves when it is durable. */
  async open(opening: Turn): Promise<OperationRecord> {
    const begun = this.#begun(opening)
    await this.#dependencies.store.commit(begun.record, begun.audit)
    return this.#start(begun)
  }

  /**
   * Ends an open operation and opens the one that takes its place, in one commit (R21).
   * @param merge makes the newer one of what is open at that moment; what it throws is passed on, and nothing changes
   */
  async replace(id: string, by: Actor, merge: Replacement['merge']): Promise<OperationRecord> {
    await this.#workedOff(id)
    await this.#answered(id)
    const slot = this.#shelf.get(id)
    if (!slot) return this.open(merge(undefined))
    return new Promise((resolve, reject) => {
      this.#put(slot, { type: 'replacement', by, merge, resolve, reject })
    })
  }

  get(id: string): OperationRecord | undefined {
    return this.#shelf.get(id)?.record
  }

  operationOf(uuid: string): Operation | undefined {
    const record = this.#shelf.latestOf(uuid)
    return record && toOperation(record)
  }

  operationsOf(uuid: string): readonly Operation[] {
    return this.concernedBy(uuid).map(toOperation)
  }

  concernedBy(uuid: string): readonly OperationRecord[] {
    const latest = this.#shelf.latestOf(uuid)
    return [...new Set([...(latest ? [latest] : []), ...this.#shelf.unsettledOf(uuid)])]
  }

  openOf(uuid: string): OperationRecord | undefined {
    const record = this.#shelf.latestOf(uuid)
    return record && isOpen(record.state) ? record : undefined
  }

  *openRecords(): Iterable<OperationRecord> {
    for (const { record } of this.#shelf.values()) if (isOpen(record.state)) yield record
  }

  onChange(listener: (operation: Operation) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Gives an operation an input. Inputs are worked off in order, one at a time. */
  feed(id: string, input: Input): void {
    const slot = this.#shelf.get(id)
    if (slot && !this.#stopped) this.#put(slot, this.#arrival(input))
  }

  /** Feeds an input and waits until it has been worked off. @returns the operation afterwards */
  async feedAndWait(id: string, input: Input): Promise<OperationRecord | undefined> {
    const slot = this.#shelf.get(id)
    if (slot && !this.#stopped) {
      const arrival = this.#arrival(input)
      this.#put(slot, arrival)
      while (slot.inbox.includes(arrival) && !this.#stopped) await slot.idle
    }
    return slot?.record
  }

  // ── inside ──

  #adopt(record: OperationRecord): Slot {
    const slot: Slot = {
      record,
      inbox: [],
      working: false,
      cancelTimer: undefined,
      idle: Promise.resolve(),
    }
    this.#shelf.add(slot)
    return slot
  }

  /** An opening with its first input, for one commit: whoever asked waits for the disk once. */
  #begun(opening: Turn): Turn {
    const { record, effects, audit } = this.#advance(opening.record, {
      type: 'begin',
      at: this.#dependencies.clock.now(),
    })
    return { record, effects, audit: [...opening.audit, ...audit] }
  }

  /** A new operation is stored: the older ones hear of it, and its first request goes out. */
  #start(begun: Turn): OperationRecord {
    const { record } = begun
    const at = this.#dependencies.clock.now()
    const vcpus = record.vcpus.map((vcpu) => vcpu.id)
    for (const { id } of this.#shelf.unsettledOf(record.vm)) {
      this.feed(id, { type: 'taken-over', at, by: record.id, vcpus })
    }
    this.#adoptChange(this.#adopt(record), record)
    this.#perform(begun, this.#dependencies.vms.moment())
    return record
  }

  #announce(record: OperationRecord): void {
    this.#dependencies.vms.operationChanged(record.vm)
    const operation = toOperation(record)
    for (const listener of this.#listeners) listener(operation)
  }

  #arrival(input: Input): Arrival {
    return { type: 'input', input, moment: this.#dependencies.vms.moment() }
  }

  #put(slot: Slot, item: Arrival | Replacement): void {
    slot.inbox.push(item)
    if (!slot.working) void this.#work(slot)
  }

  async #work(slot: Slot): Promise<void> {
    slot.working = true
    const done = Promise.withResolvers<void>()
    slot.idle = done.promise
    while (!this.#stopped) {
      const item = slot.inbox[0]
      if (item === undefined) break
      if (item.type === 'replacement') await this.#replaceNow(slot, item)
      else if (!(await this.#take(slot, item))) continue
      slot.inbox.shift()
    }
    slot.working = false
    done.resolve()
  }

  /** @returns whether the input is done with; when it could not be stored it is worked off again */
  async #take(slot: Slot, { input, moment }: Arrival): Promise<boolean> {
    const { store, problem, clock } = this.#dependencies
    const turn = this.#advance(slot.record, input)
    if (turn.record === slot.record) {
      this.#arm(slot)
    } else {
      try {
        await store.commit(turn.record, turn.audit)
      } catch (error) {
        problem(`operation ${slot.record.id} could not be stored; trying again`, error)
        await new Promise<void>((resolve) => clock.after(STORE_RETRY_MS, resolve))
        return false
      }
      this.#adoptChange(slot, turn.record)
    }
    this.#perform(turn, moment)
    return true
  }

  async #replaceNow(slot: Slot, { by, merge, resolve, reject }: Replacement): Promise<void> {
    const { store, clock } = this.#dependencies
    try {
      if (!isOpen(slot.record.state)) return resolve(await this.open(merge(undefined)))
      const opened = this.#begun(merge(slot.record))
      const { id, vcpus } = opened.record
      const closed = this.#advance(slot.record, {
        type: 'replaced',
        at: clock.now(),
        by,
        operation: id,
        vcpus: vcpus.map((vcpu) => vcpu.id),
      })
      await store.replace(closed, opened)
      this.#adoptChange(slot, closed.record)
      this.#perform(closed, this.#dependencies.vms.moment())
      resolve(this.#start(opened))
    } catch (error) {
      // Nothing was stored: the open operation goes on, and whoever asked is told.
      reject(error)
    }
  }

  /** A change is durable: from here on it is what everybody sees. */
  #adoptChange(slot: Slot, record: OperationRecord): void {
    slot.record = record
    this.#arm(slot)
    if (!isOpen(record.state)) this.#shelf.noteEnd(record)
    this.#announce(record)
  }

  #perform({ record, effects }: Turn, moment: number): void {
    for (const effect of effects) void this.#effects.perform(record, effect, moment)
  }

  #arm(slot: Slot): void {
    slot.cancelTimer?.()
    slot.cancelTimer = undefined
    const { id, deadlineAt, state } = slot.record
    if (deadlineAt === undefined || !isOpen(state)) return
    const { clock } = this.#dependencies
    slot.cancelTimer = clock.after(Math.max(0, Date.parse(deadlineAt) - clock.now()), () => {
      this.feed(id, { type: 'timer', at: clock.now() })
    })
  }

  /** Waits until all inputs are worked off: a request that is just being stored will be sent all the same. */
  async #workedOff(id: string): Promise<void> {
    const slot = this.#shelf.get(id)
    while (slot?.working && !this.#stopped) await slot.idle
  }

  /** Waits until libvirt's answer to the operation's request is here, within a bound. */
  #answered(id: string): Promise<void> {
    const isOut = () => this.get(id)?.memory.awaitingAnswer === true
    if (!isOut()) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        stopListening()
        resolve()
      }
      const cancel = this.#dependencies.clock.after(ANSWER_WAIT_MS, end)
      const stopListening = this.onChange(() => {
        if (!isOut()) end()
      })
    })
  }
}
