import type { CredentialSource } from './auth/sasl.ts'
import type { CloseReason } from './connection/close-reason.ts'
import { Connection } from './connection/connection.ts'
import { EventRouter } from './connection/event-router.ts'
import { type DaemonFacts, shakeHands } from './connection/handshake.ts'
import { Heartbeat } from './connection/heartbeat.ts'
import { type ConnectionLimits, DEFAULT_LIMITS } from './connection/limits.ts'
import { RpcSession } from './connection/rpc-session.ts'
import { ConnectionError } from './errors/connection-error.ts'
import { openTransport, type TransportOptions } from './transport/open-transport.ts'
import type { Transport } from './transport/transport.ts'
import { parseLibvirtUri } from './transport/uri.ts'

/** How often and how long a silent daemon is asked; libvirt's own figures by default. */
export interface KeepaliveOptions {
  /** 5000 by default. */
  readonly intervalMs?: number
  /** Pings that may stay unanswered; 5 by default. */
  readonly count?: number
  /** A daemon busy with `maxInFlight` calls and silent for so long is taken for gone; 600,000 by default. */
  readonly deafMs?: number
}

export interface ConnectOptions extends Partial<ConnectionLimits>, Partial<TransportOptions> {
  /** Gives up opening. */
  readonly signal?: AbortSignal | undefined
  /** Time to be open, everything included; 10,000 by default. */
  readonly timeoutMs?: number
  /** Opens for reading only: the daemon refuses changes with code OPERATION_DENIED. */
  readonly readOnly?: boolean
  /** For daemons that ask for SASL; the URI's user is not one of these. */
  readonly credentials?: CredentialSource | undefined
  /** `false` switches pings off, both ways. */
  readonly keepalive?: KeepaliveOptions | false
  /**
   * Told when a listener of an event throws; the other listeners and the connection go on. By default the error is
   * thrown again outside of the connection, as an uncaught exception.
   */
  readonly onListenerError?: (error: unknown, event: string) => void
}

const OPEN_TIMEOUT_MS = 10_000
const KEEPALIVE_INTERVAL_MS = 5000
const KEEPALIVE_COUNT = 5
const DEAF_MS = 600_000

/**
 * Opens a connection to the daemon that `uri` names, such as `qemu:///system` or `qemu+ssh://root@host/system`.
 * Throws ConnectionError (no way to get there, time over, authentication) or LibvirtError (the daemon refuses).
 */
export async function connect(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const target = parseLibvirtUri(uri)
  const { timeoutMs = OPEN_TIMEOUT_MS, readOnly = false, keepalive = {} } = options
  const limits = limitsOf(options)
  const opening = new Opening(uri, timeoutMs, options.signal)
  try {
    const transport = await opening.transport(openTransport(target, { ...options, readOnly }, opening.signal))
    const { session, events, closed } = startSession(transport, limits, keepalive, options.onListenerError)
    let facts: DaemonFacts
    try {
      facts = await shakeHands(session, {
        daemonUri: target.daemonUri,
        readOnly,
        keepalive: keepalive !== false,
        credentials: options.credentials,
        confidential: transport.confidential,
        signal: opening.signal,
        timeoutMs: null,
      })
    } catch (error) {
      const ended = session.closeReason
      session.end('open', `the connection could not be opened: ${messageOf(error)}`, asError(error))
      throw opening.reasonFor(ended?.kind === 'transport' ? transportError(uri, ended) : error)
    }
    return new Connection(session, events, facts, closed, limits.closeTimeoutMs)
  } finally {
    opening.done()
  }
}

interface Started {
  readonly session: RpcSession
  readonly events: EventRouter
  readonly closed: Promise<CloseReason>
}

function startSession(
  transport: Transport,
  limits: ConnectionLimits,
  keepalive: KeepaliveOptions | false,
  onListenerError: ConnectOptions['onListenerError'],
): Started {
  const { promise: closed, resolve } = Promise.withResolvers<CloseReason>()
  let ticking: NodeJS.Timeout | undefined
  const intervalMs = keepalive === false ? 0 : (keepalive.intervalMs ?? KEEPALIVE_INTERVAL_MS)
  const session: RpcSession = new RpcSession(transport, limits, {
    message: (program, procedure, reader) => events.message(program, procedure, reader),
    heard: () => heartbeat.received(),
    closed: (reason) => {
      clearInterval(ticking)
      resolve(reason)
    },
  })
  const events = new EventRouter(session, limits.maxUnclaimedEvents, onListenerError ?? throwOutside)
  const heartbeat = new Heartbeat(
    {
      sendPing: () => session.sendPing(),
      isDeaf: () => session.isFull,
      lost: (message) => session.end('keepalive', message, null),
    },
    {
      intervalMs,
      count: keepalive === false ? 0 : (keepalive.count ?? KEEPALIVE_COUNT),
      deafMs: keepalive === false ? 0 : (keepalive.deafMs ?? DEAF_MS),
    },
  )
  if (keepalive !== false) ticking = setInterval(() => heartbeat.tick(), intervalMs)
  session.start()
  return { session, events, closed }
}

/** The time limit and the caller's signal of one opening, as one signal. */
class Opening {
  readonly signal: AbortSignal
  readonly #uri: string
  readonly #timeoutMs: number
  readonly #timer: NodeJS.Timeout
  readonly #given: AbortSignal | undefined

  constructor(uri: string, timeoutMs: number, given: AbortSignal | undefined) {
    const clock = new AbortController()
    this.#uri = uri
    this.#timeoutMs = timeoutMs
    this.#given = given
    this.#timer = setTimeout(() => clock.abort(), timeoutMs)
    this.signal = given === undefined ? clock.signal : AbortSignal.any([clock.signal, given])
  }

  /** The transport, unless time is over before: then one that comes late is closed again. */
  async transport(coming: Promise<Transport>): Promise<Transport> {
    const { promise: over, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => reject(this.signal.reason)
    this.signal.addEventListener('abort', onAbort, { once: true })
    if (this.signal.aborted) onAbort()
    try {
      return await Promise.race([coming, over])
    } catch (error) {
      coming.then(
        (late) => late.destroy(),
        // The caller hears of the end of time; why the transport failed after that is of no use to anybody.
        () => undefined,
      )
      throw this.reasonFor(error)
    } finally {
      this.signal.removeEventListener('abort', onAbort)
    }
  }

  /** What to tell the caller: the end of time or the caller's own wish, where one of these is the reason. */
  reasonFor(error: unknown): unknown {
    if (this.#given?.aborted === true) {
      return new ConnectionError('aborted', `opening ${this.#uri}: the caller gave up`, {
        cause: this.#given.reason,
      })
    }
    if (this.signal.aborted) {
      return new ConnectionError(
        'timeout',
        `${this.#uri} was not open within ${this.#timeoutMs} ms (timeoutMs)`,
      )
    }
    return error
  }

  done(): void {
    clearTimeout(this.#timer)
  }
}

function limitsOf(options: ConnectOptions): ConnectionLimits {
  const given = Object.keys(DEFAULT_LIMITS) as (keyof ConnectionLimits)[]
  const limits = { ...DEFAULT_LIMITS }
  for (const name of given) {
    const value = options[name]
    if (value === undefined) continue
    if (!Number.isInteger(value) || value < 1) {
      throw new ConnectionError('argument', `${name} must be a whole number from 1, not ${value}`)
    }
    limits[name] = value
  }
  return limits
}

/** An error in a listener is a bug of its owner: it must not be lost, and must not disturb the packets behind it. */
function throwOutside(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

function transportError(uri: string, { message, error }: CloseReason): ConnectionError {
  return new ConnectionError('transport', `${uri}: ${message}`, error === null ? {} : { cause: error })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
