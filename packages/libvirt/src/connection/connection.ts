import type { DomainRef } from '../domain/domain-ref.ts'
import { isConnectionError } from '../errors/connection-error.ts'
import { LibvirtError } from '../errors/libvirt-error.ts'
import type { DomainEvent, EventDefinition } from '../events/event-definition.ts'
import { connectClose } from '../procedures/connect.ts'
import type { Procedure, ProcedureWithoutArgs } from '../procedures/procedure.ts'
import type { Empty } from '../xdr/struct.ts'
import type { CloseReason } from './close-reason.ts'
import type { EventListener, EventRouter, Subscription } from './event-router.ts'
import { EVENT_LIMIT_DEFAULT, EventStream, type OverflowPolicy } from './event-stream.ts'
import type { DaemonFacts } from './handshake.ts'
import type { CallOptions } from './call-window.ts'
import type { RpcSession } from './rpc-session.ts'

export interface SubscribeOptions extends CallOptions {
  /** Only events of this domain; `undefined` = of all. A domain that does not exist yet is possible. */
  readonly domain?: DomainRef | undefined
}

export interface EventStreamOptions extends SubscribeOptions {
  /** Events kept while nobody takes them; 1024 by default. */
  readonly limit?: number
  /** What happens to one more; `fail` by default. */
  readonly overflow?: OverflowPolicy
}

/** `closing`: `close()` was called and the daemon has not answered yet. */
export type ConnectionState = 'open' | 'closing' | 'closed'

/** An open connection to a libvirt daemon; `connect` makes one. */
export class Connection implements AsyncDisposable {
  /** The URI of the driver as the daemon tells it, such as `qemu:///system`. */
  readonly uri: string
  /** Name of the driver, such as `QEMU`. */
  readonly driver: string
  /** The daemon's libvirt: major x 1,000,000 + minor x 1,000 + release; 12.8.0 is 12008000. */
  readonly libraryVersion: number
  /** The hypervisor's version in the same form; `null` where the driver cannot tell. */
  readonly hypervisorVersion: number | null
  /**
   * Whether `VcpuFlags.ASYNC_UNPLUG` works here and `vcpuRemoved` is sent: libvirt 12.4.0 or later, or an older one
   * that knows the event all the same (a distribution's backport), asked when the connection was opened.
   */
  readonly supportsAsyncVcpuUnplug: boolean
  /** Resolves when the connection is over, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>
  readonly #session: RpcSession
  readonly #events: EventRouter
  readonly #closeTimeoutMs: number
  #closing: Promise<void> | null = null

  /** @internal For `connect`. */
  constructor(
    session: RpcSession,
    events: EventRouter,
    facts: DaemonFacts,
    closed: Promise<CloseReason>,
    closeTimeoutMs: number,
  ) {
    this.#session = session
    this.#events = events
    this.#closeTimeoutMs = closeTimeoutMs
    this.closed = closed
    this.uri = facts.uri
    this.driver = facts.driver
    this.libraryVersion = facts.libraryVersion
    this.hypervisorVersion = facts.hypervisorVersion
    this.supportsAsyncVcpuUnplug = facts.supportsAsyncVcpuUnplug
  }

  get state(): ConnectionState {
    if (this.#session.closeReason !== null) return 'closed'
    return this.#closing === null ? 'open' : 'closing'
  }

  /** Why the connection is over; `null` while it is not. */
  get closeReason(): CloseReason | null {
    return this.#session.closeReason
  }

  /** Calls that the daemon works on, those included that nobody waits for any more. */
  get inFlight(): number {
    return this.#session.inFlight
  }

  /** Calls that wait for their turn. */
  get queued(): number {
    return this.#session.queued
  }

  /**
   * Calls a procedure. Rejects with LibvirtError when libvirt refuses, with ConnectionError when there is no answer.
   * More than `maxInFlight` calls wait for their turn.
   */
  call<R>(procedure: ProcedureWithoutArgs<R>, args?: Empty, options?: CallOptions): Promise<R>
  call<A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions): Promise<R>
  call<A, R>(procedure: Procedure<A, R>, args?: A, options?: CallOptions): Promise<R> {
    // By the signatures above `args` is absent only where A has no fields.
    return this.#session.call(procedure, args ?? ({} as A), options)
  }

  /**
   * Calls `listener` for each event, in the daemon's order, synchronously while the packet is read (so be quick).
   * Resolved means registered at the daemon: what happens afterwards is heard. Listeners of the same event and domain
   * share one registration. An event may come before the reply of the call that caused it.
   */
  subscribe<E extends DomainEvent>(
    event: EventDefinition<E>,
    listener: EventListener<E>,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    return this.#events.subscribe(event, listener, options.domain ?? null, options)
  }

  /** The same as an async iterable; see `EventStream` for `ready` and for what happens when nobody keeps up. */
  events<E extends DomainEvent>(event: EventDefinition<E>, options: EventStreamOptions = {}): EventStream<E> {
    return new EventStream(
      (listener) => this.subscribe(event, listener, options),
      options.limit ?? EVENT_LIMIT_DEFAULT,
      options.overflow ?? 'fail',
      this.closed,
    )
  }

  /**
   * Tells the daemon and ends the connection; open calls fail. Resolves when the socket is closed, after
   * `closeTimeoutMs` at the latest. Never rejects, may be called again.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    try {
      // Calls in flight may hold every place for long; then the end of the socket has to say it.
      if (!this.#session.isFull)
        await this.#session.call(connectClose, {}, { timeoutMs: this.#closeTimeoutMs })
    } catch (error) {
      // Refused, cut or too late: through ssh the reply may be lost (12.8.0). The connection ends all the same.
      if (!(error instanceof LibvirtError) && !isConnectionError(error)) throw error
    }
    this.#session.end('local', 'the connection was closed by this client', null)
  }
}
