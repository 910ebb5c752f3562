import { connectGetHostname, nodeGetInfo, type ConnectOptions, type Connection } from '@coreshift/libvirt'
import type { Host, HostCredentials } from '@coreshift/shared/contract'
import type { Clock } from '../clock.ts'
import { explainConnectionError } from './explain-connection-error.ts'

/** First wait before connecting again, doubled up to the longest one, ms. */
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000
/** Time to be open, ms. */
const OPEN_TIMEOUT_MS = 10_000

export interface HostIdentity {
  readonly id: string
  readonly name: string
  readonly uri: string
  readonly source: Host['source']
  readonly demo: boolean
  /** Name for a daemon that asks for one. */
  readonly username?: string
}

/** What a connection taught us about the host. */
export interface HostFacts {
  readonly libraryVersion: number
  readonly hypervisorVersion: number | null
  readonly hostname: string
  readonly arch: string
  readonly cpus: number
  readonly memoryKib: number
  readonly asyncUnplug: boolean
}

interface HostLinkListener {
  /** A connection is open; everything known from before may be stale. */
  up(connection: Connection, facts: HostFacts): void
  down(cause: string): void
  changed(): void
}

/** Opens a connection; libvirt's own `connect`, or one to a simulated host. */
export type OpenConnection = (uri: string, options: ConnectOptions) => Promise<Connection>

interface HostLinkDependencies {
  readonly clock: Clock
  readonly connect: OpenConnection
  /** Name and password, asked for when the daemon asks. */
  readonly credentials?: (() => Promise<HostCredentials>) | undefined
  /** Chance for the jitter of the retries, 0 to 1. */
  readonly random: () => number
  readonly onListenerError: (error: unknown, event: string) => void
}

function dotted(version: number | null): string | undefined {
  if (version === null) return undefined
  return `${Math.floor(version / 1_000_000)}.${Math.floor(version / 1000) % 1000}.${version % 1000}`
}

/** Keeps one host connected: opens, notices the end, opens again with growing pauses, and can always say why not. */
export class HostLink {
  readonly identity: HostIdentity
  readonly #dependencies: HostLinkDependencies
  readonly #listener: HostLinkListener
  #connection: Connection | undefined
  #facts: HostFacts | undefined
  #state: Host['state'] = 'connecting'
  #since: number
  #cause: string | undefined
  #hint: string | undefined
  #nextAttemptAt: number | undefined
  #cancelRetry: (() => void) | undefined
  #failures = 0
  readonly #stopped = new AbortController()

  constructor(identity: HostIdentity, dependencies: HostLinkDependencies, listener: HostLinkListener) {
    this.identity = identity
    this.#dependencies = dependencies
    this.#listener = listener
    this.#since = dependencies.clock.now()
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  get facts(): HostFacts | undefined {
    return this.#facts
  }

  get online(): boolean {
    return this.#connection !== undefined
  }

  start(): void {
    void this.#open()
  }

  /** Ends the connection and every retry. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#cancelRetry?.()
    const connection = this.#connection
    this.#connection = undefined
    this.#enter('removed')
    await connection?.close()
  }

  describe(vms: number): Host {
    const { id, name, uri, source, demo, username } = this.identity
    const facts = this.#facts
    const libvirtVersion = dotted(facts?.libraryVersion ?? null)
    const hypervisorVersion = dotted(facts?.hypervisorVersion ?? null)
    return {
      id,
      name,
      uri,
      ...(username !== undefined && { username }),
      source,
      demo,
      state: this.#state,
      since: new Date(this.#since).toISOString(),
      ...(this.#cause !== undefined && { cause: this.#cause }),
      ...(this.#hint !== undefined && { hint: this.#hint }),
      ...(this.#nextAttemptAt !== undefined && {
        nextAttemptAt: new Date(this.#nextAttemptAt).toISOString(),
      }),
      ...(facts && {
        hostname: facts.hostname,
        arch: facts.arch,
        cpus: facts.cpus,
        memoryKib: facts.memoryKib,
        asyncUnplug: facts.asyncUnplug,
      }),
      ...(libvirtVersion !== undefined && { libvirtVersion }),
      ...(hypervisorVersion !== undefined && { hypervisorVersion }),
      vms,
    }
  }

  async #open(): Promise<void> {
    this.#nextAttemptAt = undefined
    if (this.#failures === 0) this.#enter('connecting')
    let connection: Connection | undefined
    try {
      connection = await this.#dependencies.connect(this.identity.uri, {
        timeoutMs: OPEN_TIMEOUT_MS,
        signal: this.#stopped.signal,
        credentials: this.#dependencies.credentials,
        onListenerError: this.#dependencies.onListenerError,
      })
      const facts = await readHostFacts(connection)
      if (this.#stopped.signal.aborted) {
        await connection.close()
        return
      }
      const opened = connection
      this.#connection = opened
      void opened.closed.then((reason) => this.#lost(opened, reason.message))
      this.#facts = facts
      this.#failures = 0
      this.#cause = undefined
      this.#hint = undefined
      this.#enter('connected')
      this.#listener.up(connection, facts)
    } catch (error) {
      await connection?.close()
      if (this.#stopped.signal.aborted) return
      const { cause, hint } = explainConnectionError(error)
      this.#retryLater(cause, hint)
    }
  }

  #lost(connection: Connection, message: string): void {
    if (this.#stopped.signal.aborted || this.#connection !== connection) return
    this.#connection = undefined
    this.#retryLater(message, undefined)
    this.#listener.down(message)
  }

  #retryLater(cause: string, hint: string | undefined): void {
    this.#cancelRetry?.()
    this.#failures += 1
    const pause = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS)
    const delay = Math.round(pause * (0.75 + this.#dependencies.random() * 0.5))
    this.#cause = cause
    this.#hint = hint
    this.#nextAttemptAt = this.#dependencies.clock.now() + delay
    this.#cancelRetry = this.#dependencies.clock.after(delay, () => void this.#open())
    this.#enter('offline')
  }

  #enter(state: Host['state']): void {
    if (this.#state !== state) {
      this.#state = state
      this.#since = this.#dependencies.clock.now()
    }
    this.#listener.changed()
  }
}

async function readHostFacts(connection: Connection): Promise<HostFacts> {
  const [{ hostname }, node] = await Promise.all([
    connection.call(connectGetHostname, {}),
    connection.call(nodeGetInfo, {}),
  ])
  return {
    libraryVersion: connection.libraryVersion,
    hypervisorVersion: connection.hypervisorVersion,
    hostname,
    arch: node.model,
    cpus: node.cpus,
    memoryKib: Number(node.memoryKib),
    asyncUnplug: connection.supportsAsyncVcpuUnplug,
  }
}

/** One attempt to connect, for the test button. The connection is closed again. */
export async function tryHost(
  connect: OpenConnection,
  uri: string,
  credentials: HostCredentials | undefined,
): Promise<
  HostFacts & { readonly libvirtVersion: string | undefined; readonly qemuVersion: string | undefined }
> {
  await using connection = await connect(uri, { timeoutMs: OPEN_TIMEOUT_MS, credentials })
  const facts = await readHostFacts(connection)
  return {
    ...facts,
    libvirtVersion: dotted(facts.libraryVersion),
    qemuVersion: dotted(facts.hypervisorVersion),
  }
}
