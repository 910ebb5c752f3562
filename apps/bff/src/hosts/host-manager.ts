import type { Actor, Host, HostCredentials, HostInput, HostTestResult } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { HostRepository, StoredHost } from '../store/host-repository.ts'
import { explainConnectionError } from './explain-connection-error.ts'
import type { HostDirectory } from './host-directory.ts'
import { HostLink, tryHost, type HostIdentity, type OpenConnection } from './host-link.ts'

/** A host that is not added in the page: from the environment, found locally, or simulated. */
export interface FixedHost {
  readonly name: string
  readonly uri: string
  readonly source: 'environment' | 'local' | 'demo'
}

interface HostManagerDependencies {
  readonly clock: Clock
  readonly connect: OpenConnection
  readonly random: () => number
  readonly newId: () => string
  readonly repository: HostRepository
  readonly inventory: Inventory
  readonly fixed: readonly FixedHost[]
  readonly problem: (text: string, error: unknown) => void
}

/** All hosts under management: keeps each connected and lets the inventory know. */
export class HostManager implements HostDirectory {
  readonly #dependencies: HostManagerDependencies
  readonly #links = new Map<string, HostLink>()
  readonly #listeners = new Set<(hostId: string) => void>()

  constructor(dependencies: HostManagerDependencies) {
    this.#dependencies = dependencies
  }

  async start(): Promise<void> {
    for (const { name, uri, source } of this.#dependencies.fixed) {
      this.#connect({ id: name, name, uri, source, demo: source === 'demo' })
    }
    for (const stored of await this.#dependencies.repository.list()) this.#connect(identityOf(stored))
  }

  /** Takes up what another process (the command line) stored: connects new hosts, lets go of removed ones. */
  async catchUp(): Promise<void> {
    const stored = await this.#dependencies.repository.list()
    for (const host of stored) if (!this.#links.has(host.id)) this.#connect(identityOf(host))
    const known = new Set(stored.map((host) => host.id))
    for (const [id, link] of this.#links) {
      if (link.identity.source === 'page' && !known.has(id)) await this.#letGo(id, link)
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.stop()))
  }

  list(): Host[] {
    return [...this.#links.values()].map((link) => this.#describe(link))
  }

  /** Calls without an answer, of the hosts that are connected. */
  calls(): { host: string; inFlight: number; queued: number }[] {
    return [...this.#links.values()].flatMap(({ identity, connection }) =>
      connection ? [{ host: identity.name, inFlight: connection.inFlight, queued: connection.queued }] : [],
    )
  }

  get(id: string): Host | undefined {
    const link = this.#links.get(id)
    return link && this.#describe(link)
  }

  onChange(listener: (hostId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async add(input: HostInput, actor: Actor): Promise<Host> {
    for (const { identity } of this.#links.values()) {
      if (identity.name === input.name) {
        throw new Failure('conflict', `A host named "${input.name}" exists already; choose another name.`)
      }
      if (identity.uri === input.uri) {
        throw new Failure(
          'conflict',
          `${withoutSecrets(input.uri)} is managed already, as host "${identity.name}".`,
        )
      }
    }
    const id = this.#dependencies.newId()
    const { name, uri, credentials } = input
    const host = { id, name, uri, createdAt: this.#instant() }
    await this.#dependencies.repository.add(
      host,
      credentials,
      this.#draft(actor, 'host.added', input.name, id, `${actor.name} added host ${input.name}.`, input.uri),
    )
    const username = credentials?.username
    return this.#describe(this.#connect(identityOf({ ...host, ...(username !== undefined && { username }) })))
  }

  async test(input: HostInput): Promise<HostTestResult> {
    try {
      const { libvirtVersion, qemuVersion, asyncUnplug } = await tryHost(
        this.#dependencies.connect,
        input.uri,
        input.credentials,
      )
      return {
        ok: true,
        asyncUnplug,
        ...(libvirtVersion !== undefined && { libvirtVersion }),
        ...(qemuVersion !== undefined && { hypervisorVersion: qemuVersion }),
      }
    } catch (error) {
      return { ok: false, ...explainConnectionError(error) }
    }
  }

  async changeCredentials(id: string, credentials: HostCredentials | null, actor: Actor): Promise<Host> {
    const link = this.#addedByPerson(id, 'changed')
    const { username: _before, ...identity } = link.identity
    const { name, uri } = identity
    const what = credentials ? 'changed the name and password' : 'took the name and password away'
    const draft = this.#draft(
      actor,
      'host.credentials-changed',
      name,
      id,
      `${actor.name} ${what} for host ${name}.`,
      uri,
    )
    const kept = await this.#dependencies.repository.changeCredentials(id, credentials ?? undefined, draft)
    if (!kept || this.#links.get(id) !== link) throw noSuchHost(id)
    const changed = { ...identity, ...(credentials && { username: credentials.username }) }
    return this.#describe(await this.#reconnect(link, changed))
  }

  async remove(id: string, actor: Actor): Promise<void> {
    const link = this.#addedByPerson(id, 'removed')
    const { name, uri } = link.identity
    const draft = this.#draft(actor, 'host.removed', name, id, `${actor.name} removed host ${name}.`, uri)
    await this.#dependencies.repository.remove(id, draft)
    await this.#letGo(id, link)
  }

  /** @throws Failure `not-found`, `conflict` */
  #addedByPerson(id: string, whatIsNotPossible: 'changed' | 'removed'): HostLink {
    const link = this.#links.get(id)
    if (!link) throw noSuchHost(id)
    const { name, source } = link.identity
    if (source === 'page') return link
    const from = source === 'environment' ? 'CORESHIFT_HOSTS' : 'this machine'
    throw new Failure('conflict', `Host ${name} comes from ${from}; it cannot be ${whatIsNotPossible} here.`)
  }

  /** The same host, reached in another way: its VMs stay, a connection that is open gives way to a new one. */
  async #reconnect(link: HostLink, identity: HostIdentity): Promise<HostLink> {
    this.#links.delete(identity.id)
    if (link.online) {
      this.#dependencies.inventory.hostDown(identity.id, 'Its name and password were changed.')
    }
    const anew = this.#connect(identity)
    await link.stop()
    return anew
  }

  async #letGo(id: string, link: HostLink): Promise<void> {
    if (!this.#links.delete(id)) return
    await link.stop()
    this.#dependencies.inventory.hostRemoved(id)
    this.#announce(id)
  }

  #connect(identity: HostIdentity): HostLink {
    const existing = this.#links.get(identity.id)
    if (existing) return existing
    const { clock, connect, random, inventory, problem } = this.#dependencies
    const link: HostLink = new HostLink(
      identity,
      {
        clock,
        connect,
        random,
        credentials: identity.username === undefined ? undefined : () => this.#credentialsOf(identity),
        onListenerError: (error, event) =>
          problem(`host ${identity.name}: a listener of ${event} failed`, error),
      },
      {
        up: (connection, facts) => inventory.hostUp(identity, connection, facts),
        down: (cause) => inventory.hostDown(identity.id, cause),
        changed: () => this.#announce(identity.id),
      },
    )
    this.#links.set(identity.id, link)
    link.start()
    return link
  }

  async #credentialsOf({ id, name }: HostIdentity): Promise<HostCredentials> {
    const credentials = await this.#dependencies.repository.credentialsOf(id)
    if (credentials) return credentials
    throw new Error(`The name and password for host ${name} are gone; set them again.`)
  }

  #describe(link: HostLink): Host {
    const host = link.describe(this.#dependencies.inventory.countOfHost(link.identity.id))
    return { ...host, uri: withoutSecrets(host.uri) }
  }

  #announce(hostId: string): void {
    for (const listener of this.#listeners) listener(hostId)
  }

  #instant(): string {
    return new Date(this.#dependencies.clock.now()).toISOString()
  }

  #draft(actor: Actor, action: string, name: string, host: string, message: string, uri: string): AuditDraft {
    return {
      at: this.#instant(),
      actor,
      action,
      outcome: 'done',
      host,
      message,
      detail: { name, uri: withoutSecrets(uri) },
    }
  }
}

function noSuchHost(id: string): Failure {
  return new Failure('not-found', `There is no host with the id ${id}.`)
}

/** A host that was added in the page or on the command line. */
function identityOf({ id, name, uri, username }: Omit<StoredHost, 'createdAt'>): HostIdentity {
  return { id, name, uri, source: 'page', demo: false, ...(username !== undefined && { username }) }
}

/** A URI may carry a password where a user name is expected; it is never shown. */
function withoutSecrets(uri: string): string {
  return uri.replace(/^([a-z+]+:\/\/[^/@:]*):[^/@]*@/i, '$1@')
}
