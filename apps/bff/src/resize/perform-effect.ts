import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { VmReader } from '../inventory/inventory-ports.ts'
import { bringOnline, drainVcpus } from './ask-agent.ts'
import type { Effect, Input } from './engine/engine-io.ts'
import type { OperationRecord } from './operation-record.ts'
import { sendRequest } from './send-request.ts'
import { storeDefinition } from './store-definition.ts'

interface EffectDependencies {
  readonly clock: Clock
  readonly vms: VmReader
  /** Gives the operation what came of it. */
  readonly feed: (id: string, input: Input) => void
  /** Whether this is still the operation's newest request, and the operation open. */
  readonly isNewest: (id: string, attempt: number) => boolean
  readonly problem: (text: string, error: unknown) => void
}

/** Does what the engine asks for, once it is stored, and feeds back what came of it. */
export class EffectPerformer {
  readonly #dependencies: EffectDependencies
  /** The request of each operation that is being sent. */
  readonly #sending = new Map<string, Promise<void>>()

  constructor(dependencies: EffectDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Never rejects: the operation's deadline makes it look again, so nothing depends on one effect alone.
   * @param moment at which the input came that led to the effect: a look that began later is one for it
   */
  async perform(record: OperationRecord, effect: Effect, moment: number): Promise<void> {
    try {
      switch (effect.type) {
        case 'observe':
          await this.#quietOffline(() => this.#dependencies.vms.readSince(record.vm, moment))
          return
        case 'send':
          await (this.#waitsInCalls(record) ? this.#sendInTurn(record, effect) : this.#send(record, effect))
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
      this.#dependencies.problem(`effect ${effect.type} of operation ${record.id} failed`, error)
    }
  }

  /** The inventory passes what it read on before this resolves. Without the host, its return leads to a look. */
  async #quietOffline(read: () => Promise<unknown>): Promise<void> {
    try {
      await read()
    } catch (error) {
      if (error instanceof Failure && error.code === 'host-offline') return
      throw error
    }
  }

  #waitsInCalls(record: OperationRecord): boolean {
    return this.#dependencies.vms.session(record.vm)?.connection.supportsAsyncVcpuUnplug === false
  }

  /**
   * A request to a synchronous host (libvirt before 12.4) is a row of calls that wait themselves and may outlast its
   * deadline. A newer request ends that row, and begins when the call that is out has ended.
   */
  async #sendInTurn(record: OperationRecord, effect: Extract<Effect, { type: 'send' }>): Promise<void> {
    const before = this.#sending.get(record.id)
    const sent = (async () => {
      await before
      await this.#send(record, effect)
    })()
    const settled = sent.catch(() => undefined)
    this.#sending.set(record.id, settled)
    try {
      await sent
    } finally {
      if (this.#sending.get(record.id) === settled) this.#sending.delete(record.id)
    }
  }

  async #send(record: OperationRecord, effect: Extract<Effect, { type: 'send' }>): Promise<void> {
    const { clock, vms, feed, isNewest } = this.#dependencies
    const { attempt, call } = effect
    const session = vms.session(record.vm)
    if (!session) {
      const error = { message: 'the host is not connected' }
      feed(record.id, { type: 'answer-lost', at: clock.now(), attempt, error })
      return
    }
    await sendRequest(session, call, record.memory.unitSize, {
      isNewest: () => isNewest(record.id, attempt),
      answer: (answer) =>
        feed(
          record.id,
          answer.type === 'removal-failed'
            ? { ...answer, at: clock.now() }
            : { ...answer, at: clock.now(), attempt },
        ),
    })
  }

  async #writeConfig(record: OperationRecord, vcpus: number): Promise<void> {
    const { clock, vms, feed } = this.#dependencies
    const session = vms.session(record.vm)
    // Without a connection the host's return, or the deadline, has it written.
    if (!session) return
    const failure = await storeDefinition(session, vcpus, record.memory)
    if (failure?.lost) return
    feed(
      record.id,
      failure
        ? { type: 'config-failed', at: clock.now(), error: failure.error }
        : { type: 'config-written', at: clock.now() },
    )
    // libvirt sends no event for a changed count in the stored definition.
    await this.#quietOffline(() => vms.reread(record.vm))
  }

  async #askAgent(
    record: OperationRecord,
    effect: Extract<Effect, { type: 'drain' | 'online' }>,
  ): Promise<void> {
    const { clock, vms, feed } = this.#dependencies
    const session = vms.session(record.vm)
    const reason = 'the host is not connected'
    const answer =
      effect.type === 'drain'
        ? session
          ? await drainVcpus(session, effect.vcpus)
          : { type: 'drain-refused' as const, reason }
        : session
          ? await bringOnline(session, effect.vcpus, clock)
          : { type: 'online-failed' as const, reason, offline: [] }
    if (session) vms.guestChanged(record.vm)
    feed(record.id, { ...answer, at: clock.now() })
  }
}
