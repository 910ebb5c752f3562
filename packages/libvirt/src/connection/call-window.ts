import { ConnectionError } from '../errors/connection-error.ts'
import type { Codec } from '../xdr/codec.ts'
import type { ConnectionLimits } from './limits.ts'

/** Options of one call. */
export interface CallOptions {
  /** Gives up waiting; whether libvirt acts on the call stays unknown. */
  readonly signal?: AbortSignal | undefined
  /** Gives up after this time, waiting for its turn included; `null` = never. Default: the connection's `callTimeoutMs`. */
  readonly timeoutMs?: number | null | undefined
}

/** A call until its reply. It keeps its place in flight when nobody waits any more: the daemon still works on it. */
export interface PendingCall {
  readonly serial: number
  readonly program: number
  readonly procedure: number
  readonly name: string
  readonly result: Codec<unknown>
  readonly onResult: (value: unknown) => void
  readonly onFailure: (error: Error) => void
  packet: Buffer | null
  settled: boolean
  timer: NodeJS.Timeout | null
  signal: AbortSignal | null
  onAbort: (() => void) | null
}

/**
 * Which calls the daemon works on and which wait for their turn: never more in flight than the daemon takes, never more
 * waiting than the limit, and each one settled exactly once.
 */
export class CallWindow {
  readonly #limits: ConnectionLimits
  readonly #write: (packet: Buffer) => void
  readonly #inFlight = new Map<number, PendingCall>()
  readonly #queued = new Set<PendingCall>()
  readonly #stuck: () => void
  #serial = 0
  #stuckTimer: NodeJS.Timeout | null = null

  /** @param stuck told when the daemon works only on calls that nobody waits for, and takes no other */
  constructor(limits: ConnectionLimits, write: (packet: Buffer) => void, stuck: () => void) {
    this.#limits = limits
    this.#write = write
    this.#stuck = stuck
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  get queued(): number {
    return this.#queued.size
  }

  /** Whether the daemon reads no further until a call ends. */
  get isFull(): boolean {
    return this.#inFlight.size >= this.#limits.maxInFlight
  }

  /** Whether one more call would have to wait, and may not. */
  get refusesMore(): boolean {
    return this.isFull && this.#queued.size >= this.#limits.maxQueuedCalls
  }

  nextSerial(): number {
    do {
      this.#serial = (this.#serial + 1) >>> 0
    } while (this.#inFlight.has(this.#serial))
    return this.#serial
  }

  /** Sends the call, or lets it wait. */
  add(call: PendingCall, packet: Buffer): void {
    if (!this.isFull && this.#queued.size === 0) {
      this.#inFlight.set(call.serial, call)
      this.#write(packet)
    } else {
      call.packet = packet
      this.#queued.add(call)
    }
  }

  /** The call in flight that a reply belongs to. */
  find(serial: number): PendingCall | undefined {
    return this.#inFlight.get(serial)
  }

  /** The reply has come: frees the call's place and lets the next one go. */
  answered(call: PendingCall): void {
    this.#inFlight.delete(call.serial)
    this.#noLongerStuck()
    for (const next of this.#queued) {
      if (this.isFull) return
      this.#queued.delete(next)
      this.#inFlight.set(next.serial, next)
      if (next.packet !== null) this.#write(next.packet)
      next.packet = null
    }
  }

  /** Gives the call its time limit and its signal. */
  watch(call: PendingCall, unbounded: boolean, { signal, timeoutMs }: CallOptions): void {
    const limit = timeoutMs === undefined ? (unbounded ? null : this.#limits.callTimeoutMs) : timeoutMs
    if (limit !== null) {
      call.timer = setTimeout(() => {
        this.#giveUp(call, new ConnectionError('timeout', `${call.name}: no answer within ${limit} ms`))
      }, limit)
    }
    if (signal !== undefined) {
      const onAbort = (): void => this.#giveUp(call, abortError(call.name, signal))
      call.signal = signal
      call.onAbort = onAbort
      signal.addEventListener('abort', onAbort, { once: true })
    }
  }

  succeed(call: PendingCall, value: unknown): void {
    if (call.settled) return
    settle(call)
    call.onResult(value)
  }

  fail(call: PendingCall, error: Error): void {
    if (call.settled) return
    settle(call)
    call.onFailure(error)
  }

  /** The end of the connection: empties the window and returns everything that was in it. */
  drain(): readonly PendingCall[] {
    this.#noLongerStuck()
    const calls = [...this.#inFlight.values(), ...this.#queued]
    this.#inFlight.clear()
    this.#queued.clear()
    return calls
  }

  #giveUp(call: PendingCall, error: ConnectionError): void {
    this.#queued.delete(call)
    this.fail(call, error)
    if (!this.isFull || ![...this.#inFlight.values()].every(({ settled }) => settled)) return
    this.#stuckTimer ??= setTimeout(this.#stuck, this.#limits.stuckAfterMs)
  }

  #noLongerStuck(): void {
    if (this.#stuckTimer !== null) clearTimeout(this.#stuckTimer)
    this.#stuckTimer = null
  }
}

export function abortError(name: string, signal: AbortSignal): ConnectionError {
  return new ConnectionError('aborted', `${name}: the caller gave up`, { cause: signal.reason })
}

function settle(call: PendingCall): void {
  call.settled = true
  if (call.timer !== null) clearTimeout(call.timer)
  if (call.signal !== null && call.onAbort !== null) call.signal.removeEventListener('abort', call.onAbort)
}
