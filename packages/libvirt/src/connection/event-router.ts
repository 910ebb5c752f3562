import type { DomainRef } from '../domain/domain-ref.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { eventByProcedure } from '../events/catalog.ts'
import type { DomainEvent, EventDefinition } from '../events/event-definition.ts'
import {
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
} from '../procedures/connect.ts'
import {
  qemuConnectDomainMonitorEventDeregister,
  qemuConnectDomainMonitorEventRegister,
} from '../procedures/qemu.ts'
import { Program } from '../rpc/packet.ts'
import { XdrError } from '../xdr/xdr-error.ts'
import type { XdrReader } from '../xdr/xdr-reader.ts'
import type { CallOptions } from './call-window.ts'
import type { RpcSession } from './rpc-session.ts'

/** Called for each event, in the order of the daemon, in the moment the event is read. */
export type EventListener<E> = (event: E) => void

/** One listener's hold on an event. */
export interface Subscription {
  /** Ends it: no event arrives any more from the moment of the call. Resolves when the daemon knows. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What the daemon knows as one registration; listeners of the same event and domain share it. */
interface Registration {
  readonly key: string
  readonly event: EventDefinition<DomainEvent>
  readonly domain: DomainRef | null
  /** Replaced when it changes, so that a listener may come or go while another one is called. */
  listeners: readonly EventListener<DomainEvent>[]
  callbackId: number | null
  readonly ready: Promise<void>
}

interface UnclaimedEvent {
  readonly callbackKey: number
  readonly event: DomainEvent
}

/** Callback ids of the two programs are told apart by this. */
const QEMU_KEY_OFFSET = 0x1_0000_0000

/** Registers for events and hands them to their listeners. */
export class EventRouter {
  readonly #session: RpcSession
  readonly #maxUnclaimedEvents: number
  readonly #listenerFailed: (error: unknown, event: string) => void
  readonly #registrations = new Map<string, Registration>()
  readonly #byCallback = new Map<number, Registration>()
  /** Deregistrations under way: the same event cannot be registered before they are through. */
  readonly #ending = new Map<string, Promise<void>>()
  /** Events that came before the reply of their registration. */
  #unclaimed: UnclaimedEvent[] = []
  #registering = 0
  /** Messages that this package does not know, or whose registration has ended. */
  ignoredMessages = 0

  constructor(
    session: RpcSession,
    maxUnclaimedEvents: number,
    listenerFailed: (error: unknown, event: string) => void,
  ) {
    this.#session = session
    this.#maxUnclaimedEvents = maxUnclaimedEvents
    this.#listenerFailed = listenerFailed
  }

  /** Resolves when the daemon has registered: what happens from now on is heard. */
  async subscribe<E extends DomainEvent>(
    event: EventDefinition<E>,
    listener: EventListener<E>,
    domain: DomainRef | null,
    options: CallOptions,
  ): Promise<Subscription> {
    // A listener of E is called with what the codec of `event` made, and with nothing else.
    const added = (each: DomainEvent): void => listener(each as E)
    const key = `${event.program}/${event.id}/${domain?.uuid ?? '*'}`
    for (let ending = this.#ending.get(key); ending !== undefined; ending = this.#ending.get(key))
      await ending
    const registration = this.#registrations.get(key) ?? this.#register(key, event, domain, options)
    registration.listeners = [...registration.listeners, added]
    const close = async (): Promise<void> => {
      if (!registration.listeners.includes(added)) return
      registration.listeners = registration.listeners.filter((each) => each !== added)
      await registration.ready
      if (registration.listeners.length === 0) await this.#deregister(registration)
    }
    try {
      await registered(registration, options.signal)
    } catch (error) {
      // Refused: nothing to end. Given up: end it when it comes; a refusal then needs no second telling.
      close().catch(() => undefined)
      throw error
    }
    return { close, [Symbol.asyncDispose]: close }
  }

  /** Reads one event message and hands it on. Throws XdrError when it is not what it should be. */
  message(program: number, procedure: number, reader: XdrReader): void {
    const definition = eventByProcedure(program, procedure)
    if (definition === undefined) {
      this.ignoredMessages++
      return
    }
    const callbackKey = keyOf(program, reader.i32())
    const registration = this.#byCallback.get(callbackKey)
    if (registration === undefined && this.#registering === 0) {
      this.ignoredMessages++
      return
    }
    if (registration !== undefined && registration.event.procedure !== procedure) {
      throw new XdrError(`the callback id belongs to ${registration.event.name}`)
    }
    const event = definition.body.decode(reader)
    reader.finish()
    if (registration !== undefined) {
      this.#deliver(registration, event)
      return
    }
    if (this.#unclaimed.length >= this.#maxUnclaimedEvents) {
      this.#session.end(
        'limit',
        `more than ${this.#maxUnclaimedEvents} events before the reply of their registration (maxUnclaimedEvents)`,
        null,
      )
      return
    }
    this.#unclaimed.push({ callbackKey, event })
  }

  #register(
    key: string,
    event: EventDefinition<DomainEvent>,
    domain: DomainRef | null,
    options: CallOptions,
  ): Registration {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const registration: Registration = { key, event, domain, listeners: [], callbackId: null, ready: promise }
    this.#registrations.set(key, registration)
    this.#registering++
    const onResult = ({ callbackId }: { readonly callbackId: number }): void => {
      this.#registering--
      registration.callbackId = callbackId
      const callbackKey = keyOf(event.program, callbackId)
      this.#byCallback.set(callbackKey, registration)
      const early = this.#unclaimed.filter((each) => each.callbackKey === callbackKey)
      this.#unclaimed =
        this.#registering === 0 ? [] : this.#unclaimed.filter((each) => each.callbackKey !== callbackKey)
      for (const each of early) this.#deliver(registration, each.event)
      resolve()
    }
    const onFailure = (error: Error): void => {
      this.#registering--
      if (this.#registering === 0) this.#unclaimed = []
      this.#registrations.delete(key)
      reject(error)
    }
    // No signal here: several subscribers may wait for this one registration.
    const callOptions = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }
    if (event.program === Program.QEMU) {
      const args = { domain, event: null, flags: 0 }
      this.#session.send(qemuConnectDomainMonitorEventRegister, args, callOptions, onResult, onFailure)
    } else {
      const args = { eventId: event.id, domain }
      this.#session.send(connectDomainEventCallbackRegisterAny, args, callOptions, onResult, onFailure)
    }
    return registration
  }

  async #deregister(registration: Registration): Promise<void> {
    const { key, event, callbackId } = registration
    if (callbackId === null || this.#registrations.get(key) !== registration) return
    this.#registrations.delete(key)
    this.#byCallback.delete(keyOf(event.program, callbackId))
    // After the end of the connection there is nothing left to tell the daemon.
    if (this.#session.closeReason !== null) return
    const procedure =
      event.program === Program.QEMU
        ? qemuConnectDomainMonitorEventDeregister
        : connectDomainEventCallbackDeregisterAny
    const told = this.#session.call(procedure, { callbackId }).then(
      () => undefined,
      (error: unknown) => {
        if (!(error instanceof ConnectionError && error.kind === 'closed')) throw error
      },
    )
    const ended = told.then(
      () => this.#ending.delete(key),
      () => this.#ending.delete(key),
    )
    this.#ending.set(
      key,
      ended.then(() => undefined),
    )
    await told
  }

  #deliver(registration: Registration, event: DomainEvent): void {
    for (const listener of registration.listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#listenerFailed(error, registration.event.name)
      }
    }
  }
}

async function registered({ ready, event }: Registration, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return ready
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void =>
    reject(
      new ConnectionError('aborted', `registering for ${event.name}: the caller gave up`, {
        cause: signal.reason,
      }),
    )
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([ready, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function keyOf(program: number, callbackId: number): number {
  return program === Program.QEMU ? callbackId + QEMU_KEY_OFFSET : callbackId
}
