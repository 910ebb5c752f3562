import { isOpen, unitOf } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { DomainSnapshot } from '../inventory/domain-snapshot.ts'
import type { InventoryListener, OperationSource, VmReader } from '../inventory/inventory-ports.ts'
import type { Effect, Input, Turn } from './engine/engine-io.ts'
import { bringOnline, drainVcpus } from './ask-agent.ts'
import { advance } from './engine/resize-engine.ts'
import { toObservation } from './observation.ts'
import { toOperation, type OperationRecord } from './operation-record.ts'
import type { OperationStore } from './operation-store.ts'
import { sendRequest } from './send-request.ts'
import { storeDefinition } from './store-definition.ts'
import { StrayEvents } from './stray-events.ts'

/** Pause before storing is tried again when the database refuses, ms. Inputs wait meanwhile; none is lost. */
const STORE_RETRY_MS = 1000
/** A VM that no host shows may just be moving: time before that is taken for the truth, ms. */
const GONE_GRACE_MS = 10_000
/** Ended operations kept at hand so that a late completion finds them, newest first. */
const REMEMBERED_ENDED = 2000

export interface RunnerDependencies {
  readonly clock: Clock
  readonly vms: VmReader
  readonly store: OperationStore
  readonly audit: (draft: AuditDraft) => Promise<unknown>
  readonly problem: (text: string, error: unknown) => void
  /** The engine; a simulation puts one here that checks its promises. */
  readonly advance?: (record: OperationRecord, input: Input) => Turn
}

interface Slot {
  record: OperationRecord
  readonly inbox: Input[]
  working: boolean
  cancelTimer: (() => void) | undefined
  /** Resolved when the inbox has been worked off. */
  idle: Promise<void>
}

/**
 * The engine's shell: feeds each operation its inputs one by one, stores what came out, and only then performs the
 * effects (rule R5). Crash anywhere: what is stored says what to do next.
 */
export class OperationRunner implements InventoryListener, OperationSource {
  readonly #dependencies: RunnerDependencies
  readonly #slots = new Map<string, Slot>()
  /** The open operation of a VM, else its latest. */
  readonly #latest = new Map<string, string>()
  readonly #listeners = new Set<(operation: Operation) => void>()
  /** Ended operations of a VM whose vCPUs may still go: a late completion is theirs. */
  readonly #unsettled = new Map<string, Set<string>>()
  readonly #endedOrder: string[] = []
  readonly #strays = new StrayEvents()
  #stopped = false

  constructor(dependencies: RunnerDependencies) {
    this.#dependencies = dependencies
  }

  /** Takes up what was open when the server last ended. */
  async start(): Promise<void> {
    const { store, clock } = this.#dependencies
    for (const record of (await store.listEnded(REMEMBERED_ENDED)).toReversed()) this.#adopt(record)
    for (const record of await store.loadOpen()) {
      this.#adopt(record)
      this.#arm(record.id)
      this.feed(record.id, { type: 'resume', at: clock.now() })
    }
  }

  /** No further input is taken. What is stored goes on with the next start. */
  stop(): void {
    this.#stopped = true
    for (const slot of this.#slots.values()) slot.cancelTimer?.()
  }

  /** Stores a new operation and starts it. Resolves when it is durable. */
  async open(turn: Turn): Promise<OperationRecord> {
    const { store, clock } = this.#dependencies
    await store.commit(turn.record, turn.audit)
    const vcpus = turn.record.vcpus.map((vcpu) => vcpu.id)
    for (const id of this.#unsettled.get(turn.record.vm) ?? []) {
      this.feed(id, { type: 'taken-over', at: clock.now(), by: turn.record.id, vcpus })
    }
    this.#adopt(turn.record)
    this.#announce(turn.record)
    this.feed(turn.record.id, { type: 'begin', at: clock.now() })
    return turn.record
  }

  get(id: string): OperationRecord | undefined {
    return this.#slots.get(id)?.record
  }

  operationOf(uuid: string): Operation | undefined {
    const id = this.#latest.get(uuid)
    const record = id === undefined ? undefined : this.#slots.get(id)?.record
    return record && toOperation(record)
  }

  operationsOf(uuid: string): readonly Operation[] {
    const ids = new Set([
      ...(this.#latest.has(uuid) ? [this.#latest.get(uuid) ?? ''] : []),
      ...(this.#unsettled.get(uuid) ?? []),
    ])
    return [...ids].flatMap((id) => {
      const record = this.#slots.get(id)?.record
      return record ? [toOperation(record)] : []
    })
  }

  openOf(uuid: string): OperationRecord | undefined {
    const id = this.#latest.get(uuid)
    const record = id === undefined ? undefined : this.#slots.get(id)?.record
    return record && isOpen(record.state) ? record : undefined
  }

  *openRecords(): Iterable<OperationRecord> {
    for (const { record } of this.#slots.values()) if (isOpen(record.state)) yield record
  }

  onChange(listener: (operation: Operation) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Gives an operation an input. Inputs are worked off in order, one at a time. */
  feed(id: string, input: Input): void {
    const slot = this.#slots.get(id)
    if (!slot || this.#stopped) return
    slot.inbox.push(input)
    if (!slot.working) void this.#work(slot)
  }

  /** Feeds an input and waits until it has been worked off. @returns the operation afterwards */
  async feedAndWait(id: string, input: Input): Promise<OperationRecord | undefined> {
    this.feed(id, input)
    const slot = this.#slots.get(id)
    while (slot && slot.inbox.includes(input) && !this.#stopped) await slot.idle
    return slot?.record
  }

  // ── what the inventory tells ──

  read(snapshot: DomainSnapshot): void {
    this.#reportStrays(snapshot)
    const id = this.#latest.get(snapshot.uuid)
    if (id === undefined) return
    if (snapshot.migratedAway) return this.#confirmGone(snapshot.uuid)
    this.feed(id, {
      type: 'observed',
      at: this.#dependencies.clock.now(),
      observation: toObservation(snapshot, this.#dependencies.vms.hostOf(snapshot.uuid)?.name),
    })
  }

  gone(uuid: string): void {
    this.#confirmGone(uuid)
  }

  vcpuRemoved(uuid: string, vcpu: number): void {
    const at = this.#dependencies.clock.now()
    this.#strays.note(uuid, vcpu, at)
    const open = this.openOf(uuid)
    if (open) this.feed(open.id, { type: 'vcpu-removed', at, vcpu })
  }

  removalFailed(uuid: string, alias: string): void {
    const open = this.openOf(uuid)
    const match = /^vcpu(\d+)$/.exec(alias)
    if (!open || !match) return
    const unit = unitOf(Number(match[1]), open.memory.unitSize)
    this.feed(open.id, { type: 'removal-failed', at: this.#dependencies.clock.now(), unit, alias })
  }

  hostDown(hostId: string, cause: string): void {
    for (const record of this.openRecords()) {
      const host = this.#dependencies.vms.hostOf(record.vm)?.id ?? record.host
      if (host === hostId)
        this.feed(record.id, { type: 'host-lost', at: this.#dependencies.clock.now(), cause })
    }
  }

  hostSynced(hostId: string): void {
    const { clock, vms } = this.#dependencies
    for (const record of this.openRecords()) {
      const host = vms.hostOf(record.vm)?.id
      if (host === hostId) this.feed(record.id, { type: 'host-back', at: clock.now() })
      else if (host === undefined && record.host === hostId) {
        this.feed(record.id, { type: 'host-back', at: clock.now() })
        this.#confirmGone(record.vm)
      }
    }
  }

  // ── inside ──

  #adopt(record: OperationRecord): void {
    this.#slots.set(record.id, {
      record,
      inbox: [],
      working: false,
      cancelTimer: undefined,
      idle: Promise.resolve(),
    })
    this.#latest.set(record.vm, record.id)
    if (!isOpen(record.state)) this.#ended(record)
  }

  /** Keeps an ended operation at hand for late completions, within a bound. */
  #ended(record: OperationRecord): void {
    const waiting = this.#unsettled.get(record.vm) ?? new Set<string>()
    if (mayStillComplete(record)) waiting.add(record.id)
    else waiting.delete(record.id)
    if (waiting.size > 0) this.#unsettled.set(record.vm, waiting)
    else this.#unsettled.delete(record.vm)
    if (this.#endedOrder.includes(record.id)) return
    this.#endedOrder.push(record.id)
    const oldest = this.#endedOrder.length > REMEMBERED_ENDED ? this.#endedOrder.shift() : undefined
    if (oldest !== undefined) this.#forget(oldest)
  }

  #forget(id: string): void {
    const record = this.#slots.get(id)?.record
    if (!record) return
    this.#slots.delete(id)
    if (this.#latest.get(record.vm) === id) this.#latest.delete(record.vm)
    this.#unsettled.get(record.vm)?.delete(id)
  }

  #announce(record: OperationRecord): void {
    this.#dependencies.vms.operationChanged(record.vm)
    const operation = toOperation(record)
    for (const listener of this.#listeners) listener(operation)
  }

  async #work(slot: Slot): Promise<void> {
    const { store, problem } = this.#dependencies
    slot.working = true
    const done = Promise.withResolvers<void>()
    slot.idle = done.promise
    while (!this.#stopped) {
      const input = slot.inbox[0]
      if (input === undefined) break
      const turn = (this.#dependencies.advance ?? advance)(slot.record, input)
      const changed = turn.record !== slot.record
      if (changed) {
        try {
          await store.commit(turn.record, turn.audit)
        } catch (error) {
          problem(`operation ${slot.record.id} could not be stored; trying again`, error)
          await new Promise<void>((resolve) => this.#dependencies.clock.after(STORE_RETRY_MS, resolve))
          continue
        }
        slot.record = turn.record
      }
      slot.inbox.shift()
      this.#arm(slot.record.id)
      if (changed && !isOpen(slot.record.state)) this.#ended(slot.record)
      if (changed) this.#announce(slot.record)
      for (const effect of turn.effects) void this.#perform(slot.record, effect)
    }
    slot.working = false
    done.resolve()
  }

  #arm(id: string): void {
    const slot = this.#slots.get(id)
    if (!slot) return
    slot.cancelTimer?.()
    slot.cancelTimer = undefined
    const { deadlineAt, state } = slot.record
    if (deadlineAt === undefined || !isOpen(state)) return
    const { clock } = this.#dependencies
    slot.cancelTimer = clock.after(Math.max(0, Date.parse(deadlineAt) - clock.now()), () => {
      this.feed(id, { type: 'timer', at: clock.now() })
    })
  }

  async #perform(record: OperationRecord, effect: Effect): Promise<void> {
    const { problem } = this.#dependencies
    try {
      switch (effect.type) {
        case 'observe':
          await this.#observe(record)
          return
        case 'send':
          await this.#send(record, effect)
          return
        case 'write-config':
          await this.#writeConfig(record, effect.vcpus)
          return
        case 'drain':
        case 'online':
          await this.#askAgent(record, effect)
          return
      }
    } catch (error) {
      // The operation's deadline makes it look again; nothing depends on this effect alone.
      problem(`effect ${effect.type} of operation ${record.id} failed`, error)
    }
  }

  async #observe(record: OperationRecord): Promise<void> {
    const { vms } = this.#dependencies
    try {
      // The inventory passes what it read to `read` before this resolves.
      await vms.reread(record.vm)
    } catch (error) {
      if (error instanceof Failure && error.code === 'host-offline') return
      throw error
    }
  }

  async #send(record: OperationRecord, effect: Extract<Effect, { type: 'send' }>): Promise<void> {
    const { clock, vms } = this.#dependencies
    const { attempt, call } = effect
    const session = vms.session(record.vm)
    if (!session) {
      const error = { message: 'the host is not connected' }
      this.feed(record.id, { type: 'answer-lost', at: clock.now(), attempt, error })
      return
    }
    for (const answer of await sendRequest(session, call, record.memory.unitSize)) {
      this.feed(
        record.id,
        answer.type === 'removal-failed'
          ? { ...answer, at: clock.now() }
          : { ...answer, at: clock.now(), attempt },
      )
    }
  }

  async #writeConfig(record: OperationRecord, vcpus: number): Promise<void> {
    const { clock, vms } = this.#dependencies
    const session = vms.session(record.vm)
    // Without a connection the host's return, or the deadline, has it written.
    if (!session) return
    const failure = await storeDefinition(session, vcpus, record.memory)
    if (failure?.lost) return
    this.feed(
      record.id,
      failure
        ? { type: 'config-failed', at: clock.now(), error: failure.error }
        : { type: 'config-written', at: clock.now() },
    )
    // libvirt sends no event for a changed count in the stored definition.
    await this.#observe(record)
  }

  async #askAgent(
    record: OperationRecord,
    effect: Extract<Effect, { type: 'drain' | 'online' }>,
  ): Promise<void> {
    const { clock, vms } = this.#dependencies
    const session = vms.session(record.vm)
    const reason = 'the host is not connected'
    const answer =
      effect.type === 'drain'
        ? session
          ? await drainVcpus(session, effect.vcpus)
          : { type: 'drain-refused' as const, reason }
        : session
          ? await bringOnline(session, effect.vcpus, () => clock.now())
          : { type: 'online-failed' as const, reason, offline: effect.vcpus }
    this.feed(record.id, { ...answer, at: clock.now() })
  }

  /** No host shows the VM, or only a host that it left: after a while without news that is how it is. */
  #confirmGone(uuid: string): void {
    const { clock, vms } = this.#dependencies
    const asked = this.openOf(uuid)
    if (!asked) return
    clock.after(GONE_GRACE_MS, () => {
      const snapshot = vms.snapshot(uuid)
      if (snapshot && !snapshot.migratedAway) return
      const observation = { readAt: clock.now(), presence: 'gone' as const, enabled: new Set<number>() }
      this.feed(asked.id, { type: 'observed', at: clock.now(), observation })
    })
  }

  #reportStrays(snapshot: DomainSnapshot): void {
    const { audit, clock, problem } = this.#dependencies
    for (const vcpu of this.#strays.settle(snapshot)) {
      const definition = snapshot.live
      if (!definition) continue
      audit({
        at: new Date(clock.now()).toISOString(),
        actor: { kind: 'system', name: 'Coreshift' },
        action: 'resize.event-ignored',
        outcome: 'info',
        vm: snapshot.uuid,
        vmName: definition.name,
        host: snapshot.hostId,
        message: `libvirt reported vCPU ${vcpu} removed, but a re-read shows it present: ignored (late news of an earlier removal).`,
        detail: { vcpu },
      }).catch((error: unknown) => problem('an ignored event could not be recorded', error))
    }
  }
}

/** Whether vCPUs of an ended operation were asked for and are still there: the guest may let them go at any time. */
function mayStillComplete(record: OperationRecord): boolean {
  return (
    record.kind === 'unplug' &&
    record.vcpus.some((vcpu) => vcpu.state === 'pending-removal' || vcpu.state === 'stuck')
  )
}
