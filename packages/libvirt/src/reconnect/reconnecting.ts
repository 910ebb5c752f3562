import { setTimeout as wait } from 'node:timers/promises'
import { connect, type ConnectOptions } from '../connect.ts'
import type { CloseReason } from '../connection/close-reason.ts'
import type { Connection } from '../connection/connection.ts'
import type { EventListener, Subscription } from '../connection/event-router.ts'
import type { DomainRef } from '../domain/domain-ref.ts'
import type { DomainEvent, EventDefinition } from '../events/event-definition.ts'
import { type BackOff, backOffMs, DEFAULT_BACK_OFF } from './back-off.ts'

/** What a reconnecting link is doing. */
export type LinkState =
  | { readonly kind: 'connecting'; readonly failures: number }
  | { readonly kind: 'connected'; readonly connection: Connection }
  | { readonly kind: 'waiting'; readonly failures: number; readonly retryInMs: number; readonly error: Error }
  | { readonly kind: 'ended' }

export interface ReconnectOptions extends Omit<ConnectOptions, 'signal'> {
  readonly backOff?: Partial<BackOff>
  /** Ends the link, as `close` does. */
  readonly signal?: AbortSignal | undefined
  /** Each change of what the link is doing. */
  readonly onState?: (state: LinkState) => void
  /**
   * A connection is open and every event registered. With `missedEvents` there was another one before: whatever
   * happened between the two was not heard, so read again what you believe. Errors it throws cut the connection.
   */
  readonly onConnected?: (
    connection: Connection,
    info: { readonly missedEvents: boolean },
  ) => void | Promise<void>
  /** A registration that the daemon refuses (another version came back): the others stay. */
  readonly onRegistrationRefused?: (error: Error, event: string) => void
  /** Chance for the jitter, 0 to 1. */
  readonly random?: () => number
}

interface Wish {
  readonly event: EventDefinition<DomainEvent>
  readonly listener: EventListener<DomainEvent>
  readonly domain: DomainRef | undefined
  subscription: Subscription | null
}

/**
 * Keeps one connection to a daemon open: opens it again with growing waits after it was lost, registers the same events
 * again, and tells that events may have been missed. Calls are not repeated: nobody but the caller knows whether that is
 * right.
 */
export class ReconnectingLink implements AsyncDisposable {
  readonly #uri: string
  readonly #options: ReconnectOptions
  readonly #backOff: BackOff
  readonly #stop = new AbortController()
  readonly #wishes = new Set<Wish>()
  readonly #running: Promise<void>
  /** The connection on which wishes are registered: known a little before everybody is told of it. */
  #live: Connection | null = null
  #state: LinkState = { kind: 'connecting', failures: 0 }

  constructor(uri: string, options: ReconnectOptions = {}) {
    this.#uri = uri
    this.#options = options
    this.#backOff = { ...DEFAULT_BACK_OFF, ...options.backOff }
    if (options.signal?.aborted === true) this.#stop.abort()
    options.signal?.addEventListener('abort', () => this.#stop.abort(), {
      once: true,
      signal: this.#stop.signal,
    })
    this.#running = this.#run()
  }

  get state(): LinkState {
    return this.#state
  }

  /** The open connection; `null` while there is none. */
  get connection(): Connection | null {
    return this.#state.kind === 'connected' ? this.#state.connection : null
  }

  /**
   * Listens to an event on this and on every later connection. Resolves when it is registered, or at once while there is
   * no connection; rejects when the daemon of the open connection refuses.
   */
  async subscribe<E extends DomainEvent>(
    event: EventDefinition<E>,
    listener: EventListener<E>,
    options: { readonly domain?: DomainRef } = {},
  ): Promise<Subscription> {
    // A listener of E is called with what the codec of `event` made, and with nothing else.
    const added = (each: DomainEvent): void => listener(each as E)
    const wish: Wish = { event, listener: added, domain: options.domain, subscription: null }
    this.#wishes.add(wish)
    const connection = this.#live
    if (connection !== null) {
      try {
        await this.#register(connection, wish)
      } catch (error) {
        if (connection.state === 'open') {
          this.#wishes.delete(wish)
          throw error
        }
        // The connection went meanwhile: the next one will register it.
      }
    }
    const close = async (): Promise<void> => {
      this.#wishes.delete(wish)
      await wish.subscription?.close()
    }
    return { close, [Symbol.asyncDispose]: close }
  }

  /** Ends the link and its connection. Never rejects. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    let failures = 0
    let wasConnected = false
    while (!signal.aborted) {
      this.#enter({ kind: 'connecting', failures })
      let error: Error
      let connection: Connection | null = null
      try {
        connection = await connect(this.#uri, { ...this.#options, signal })
        this.#live = connection
        await this.#registerAll(connection)
        this.#enter({ kind: 'connected', connection })
        const missedEvents = wasConnected
        wasConnected = true
        failures = 0
        await this.#tellConnected(connection, missedEvents)
        error = lostError(await this.#closedOrStopped(connection))
      } catch (reason) {
        error = reason instanceof Error ? reason : new Error(String(reason))
      }
      this.#live = null
      await connection?.close()
      if (signal.aborted) break
      failures++
      const retryInMs = backOffMs(failures, (this.#options.random ?? Math.random)(), this.#backOff)
      this.#enter({ kind: 'waiting', failures, retryInMs, error })
      await pause(retryInMs, signal)
    }
    this.#enter({ kind: 'ended' })
  }

  /** Waits for the caller, but not longer than the connection lives: a slow caller must not keep the link from coming back. */
  async #tellConnected(connection: Connection, missedEvents: boolean): Promise<void> {
    const told = (async () => this.#options.onConnected?.(connection, { missedEvents }))()
    // When the connection ends first, a failure of the caller is its consequence; the end itself is told as state.
    told.catch(() => undefined)
    await Promise.race([told, this.#closedOrStopped(connection)])
  }

  async #closedOrStopped(connection: Connection): Promise<CloseReason> {
    const { signal } = this.#stop
    const onAbort = (): void => void connection.close()
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      return await connection.closed
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #registerAll(connection: Connection): Promise<void> {
    await Promise.all(
      Array.from(this.#wishes, async (wish) => {
        try {
          await this.#register(connection, wish)
        } catch (reason) {
          if (connection.state !== 'open') throw reason
          const error = reason instanceof Error ? reason : new Error(String(reason))
          this.#options.onRegistrationRefused?.(error, wish.event.name)
        }
      }),
    )
  }

  async #register(connection: Connection, wish: Wish): Promise<void> {
    const { event, listener, domain } = wish
    const subscription = await connection.subscribe(event, listener, { domain })
    if (this.#wishes.has(wish)) wish.subscription = subscription
    else await subscription.close()
  }

  #enter(state: LinkState): void {
    this.#state = state
    this.#options.onState?.(state)
  }
}

function lostError(reason: CloseReason): Error {
  return reason.error ?? new Error(reason.message)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch (error) {
    // Stopping is the only thing that can interrupt the wait.
    if (!signal.aborted) throw error
  }
}
