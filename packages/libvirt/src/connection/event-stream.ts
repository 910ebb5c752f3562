import type { DomainEvent } from '../events/event-definition.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { CloseReason } from './close-reason.ts'
import type { EventListener, Subscription } from './event-router.ts'

/** What happens when events come faster than they are taken. */
export type OverflowPolicy = 'fail' | 'drop-oldest'

export const EVENT_LIMIT_DEFAULT = 1024

/**
 * Events as an async iterable. Registration begins with the call of `Connection.events`; wait for `ready` before you
 * cause what you want to hear of.
 *
 * Back-pressure: events cannot be held back at the daemon, so up to `limit` of them are kept. One more ends the
 * iteration with a ConnectionError of kind `limit` after the kept ones (`fail`, so that nobody believes in a complete
 * story), or pushes out the oldest and counts it in `dropped` (`drop-oldest`).
 *
 * The iteration ends without an error when the connection is closed here or `return` is called, else with an error.
 */
export class EventStream<E extends DomainEvent> implements AsyncIterableIterator<E, undefined, undefined> {
  /** Resolves when the daemon has registered; rejects with the daemon's refusal. */
  readonly ready: Promise<void>
  /** Events pushed out under `drop-oldest`. */
  dropped = 0
  readonly #limit: number
  readonly #overflow: OverflowPolicy
  readonly #subscription: Promise<Subscription>
  #kept: E[] = []
  #waiting: PromiseWithResolvers<IteratorResult<E, undefined>>[] = []
  #end: { readonly error: Error | null } | null = null

  constructor(
    subscribe: (listener: EventListener<E>) => Promise<Subscription>,
    limit: number,
    overflow: OverflowPolicy,
    closed: Promise<CloseReason>,
  ) {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`limit ${limit} must be a whole number from 1`)
    this.#limit = limit
    this.#overflow = overflow
    this.#subscription = subscribe((event) => this.#push(event))
    this.ready = this.#subscription.then(() => undefined)
    // The refusal is also what the iteration ends with, so nobody has to wait for `ready`.
    this.ready.catch((error: unknown) =>
      this.#finish(error instanceof Error ? error : new Error(String(error))),
    )
    void closed.then((reason) => {
      if (reason.kind === 'local') this.#finish(null)
      else this.#finish(new ConnectionError('closed', `events: ${reason.message}`))
    })
  }

  next(): Promise<IteratorResult<E, undefined>> {
    const event = this.#kept.shift()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    if (this.#end !== null) {
      const { error } = this.#end
      this.#end = { error: null }
      return error === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error)
    }
    const waiting = Promise.withResolvers<IteratorResult<E, undefined>>()
    this.#waiting.push(waiting)
    return waiting.promise
  }

  /** Stops listening; kept events are dropped. */
  async return(): Promise<IteratorResult<E, undefined>> {
    this.#kept = []
    this.#finish(null)
    await this.#unsubscribe()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #push(event: E): void {
    if (this.#end !== null) return
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: event })
      return
    }
    if (this.#kept.length < this.#limit) {
      this.#kept.push(event)
      return
    }
    if (this.#overflow === 'drop-oldest') {
      this.#kept.shift()
      this.#kept.push(event)
      this.dropped++
      return
    }
    this.#finish(
      new ConnectionError(
        'limit',
        `more than ${this.#limit} events were waiting (limit): look again at what they tell of`,
      ),
    )
    // A failure to deregister is the connection's end, which `closed` tells.
    this.#unsubscribe().catch(() => undefined)
  }

  #finish(error: Error | null): void {
    if (this.#end !== null) return
    const waiting = this.#waiting
    this.#waiting = []
    this.#end = { error: waiting.length === 0 ? error : null }
    waiting.forEach((each, i) => {
      if (error !== null && i === 0) each.reject(error)
      else each.resolve({ done: true, value: undefined })
    })
  }

  async #unsubscribe(): Promise<void> {
    let subscription: Subscription
    try {
      subscription = await this.#subscription
    } catch {
      // Never registered: `ready` and the iteration have told why.
      return
    }
    await subscription.close()
  }
}
