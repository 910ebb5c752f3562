import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  agentLifecycle,
  connectListAllDomains,
  deviceRemovalFailed,
  domainByUuid,
  isNoDomain,
  jobCompleted,
  lifecycle,
  metadataChange,
  LibvirtError,
  LifecycleEvent,
  migrationIteration,
  qemuMonitorEvent,
  reboot,
  tunable,
  vcpuRemoved,
  type Connection,
  type DomainEvent,
  type EventDefinition,
} from '@coreshift/libvirt'
import type { Clock } from '../clock.ts'
import { refusedVcpuAlias } from './acpi-refusal.ts'
import { DefinitionCache } from './definition-cache.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { hedged } from './hedged.ts'
import { inParallel } from './in-parallel.ts'
import { LoadMeter } from './load-meter.ts'
import type { Moments } from './moments.ts'
import {
  readDomain,
  readStatistics,
  toStatistics,
  type DomainStatistics,
  type ExpectedMachine,
} from './read-domain.ts'
import { SingleFlight } from '../single-flight.ts'
import type { VmLoad } from './vm-load.ts'

/** Pause between two readings of the statistics, ms: libvirt sends no event for an added vCPU, these see it. */
const STATISTICS_PAUSE_MS = 1000
/** Domains whose figures are taken in before others get their turn: those of a large host take tens of ms. */
const STATISTICS_SLICE = 10
/** Pause between two comparisons of the whole list, ms. */
const RESYNC_PAUSE_MS = 60_000
/** A read is quick; one that takes longer has lost a reply, or waits for a busy QEMU as the second one will, ms. */
const ASK_AGAIN_MS = 4_000
/** Readings of the same thing that may be out at once. */
const ASKED_MAX = 3
/** Domains that are read at the same time; each takes up to six calls of the connection's queue. */
const READ_WIDTH = 50

export interface HostWatchListener {
  /** An event about a domain arrived. */
  heard(uuid: string): void
  read(snapshot: DomainSnapshot): void
  absent(uuid: string, readAt: number): void
  load(uuid: string, load: VmLoad): void
  vcpuRemoved(uuid: string, vcpu: number): void
  removalFailed(uuid: string, alias: string): void
  /** The guest agent came, went or may know something new. */
  agentChanged(uuid: string): void
  synced(): void
  problem(text: string, error: unknown): void
}

/** What the watch has to know of the last reads to see that something changed without an event. */
export interface KnownDomain {
  /** The machine that ran; absent: none did. */
  readonly machine?: ExpectedMachine
  readonly enabled: ReadonlySet<number>
  /** A job ran on it, or it was on its way into another state. */
  readonly busy: boolean
}

export interface HostWatchDependencies {
  readonly hostId: string
  readonly connection: Connection
  readonly clock: Clock
  readonly known: (uuid: string) => KnownDomain | undefined
  /** UUIDs that this host was last seen to have. */
  readonly knownUuids: () => Iterable<string>
  /** Of all hosts together: a machine moves from one to another. */
  readonly moments: Moments
}

/** Watches one connection: first listens, then reads everything, then keeps reading what an event or a figure points at. */
export class HostWatch {
  readonly #dependencies: HostWatchDependencies
  readonly #listener: HostWatchListener
  readonly #reads: SingleFlight<string, DomainSnapshot | undefined>
  readonly #meter = new LoadMeter()
  readonly #definitions = new DefinitionCache()
  /** Domains whose stored definition may have come or gone: the last read does not tell what to expect. */
  readonly #unsure = new Set<string>()
  /** When the newest read of each domain began: of those that are over, and of those that are not. */
  readonly #began = { over: new Map<string, number>(), running: new Map<string, number>() }
  #listening = false
  #cancelStatistics: (() => void) | undefined
  #cancelResync: (() => void) | undefined

  constructor(dependencies: HostWatchDependencies, listener: HostWatchListener) {
    this.#dependencies = dependencies
    this.#listener = listener
    this.#reads = new SingleFlight((uuid) => this.#read(uuid))
  }

  /** Whether events are heard: only then may anything be asked of a domain, because an event may precede the reply. */
  get listening(): boolean {
    return this.#listening && !this.#over
  }

  get #over(): boolean {
    return this.#dependencies.connection.state !== 'open'
  }

  /** Listens and reads everything. Rejects when the connection ends before that. */
  async start(): Promise<void> {
    await this.#listen()
    this.#listening = true
    await this.#readAll()
    if (this.#over) return
    this.#listener.synced()
    this.#scheduleStatistics()
    this.#scheduleResync()
  }

  stop(): void {
    this.#cancelStatistics?.()
    this.#cancelResync?.()
  }

  /** Reads one domain; the listener hears of it before the promise resolves. */
  reread(uuid: string): Promise<DomainSnapshot | undefined> {
    return this.#reads.run(uuid)
  }

  /** Reads one domain, unless a read that began after that moment is over, or is under way and can be waited for. */
  async readSince(uuid: string, moment: number): Promise<void> {
    const { over, running } = this.#began
    const isLater = (began = 0): boolean => began > moment
    if (isLater(over.get(uuid))) return
    const underWay = isLater(running.get(uuid)) ? this.#reads.running(uuid) : undefined
    await (underWay ?? this.reread(uuid))
  }

  async #read(uuid: string): Promise<DomainSnapshot | undefined> {
    const { over, running } = this.#began
    const began = this.#dependencies.moments.next()
    running.set(uuid, began)
    const isUnsure = this.#unsure.delete(uuid)
    try {
      const snapshot = await this.#readAndTell(uuid, isUnsure)
      if (snapshot) over.set(uuid, began)
      else over.delete(uuid)
      return snapshot
    } catch (error) {
      if (isUnsure) this.#unsure.add(uuid)
      throw error
    } finally {
      running.delete(uuid)
    }
  }

  async #readAndTell(uuid: string, isUnsure: boolean): Promise<DomainSnapshot | undefined> {
    const { connection, hostId, clock } = this.#dependencies
    const read = async () => {
      const readAt = clock.now()
      const machine = isUnsure ? undefined : this.#dependencies.known(uuid)?.machine
      const now = (): number => clock.now()
      const domain = domainByUuid(uuid)
      const snapshot = await readDomain(connection, domain, hostId, this.#definitions, now, machine)
      return { readAt, snapshot }
    }
    const { readAt, snapshot } = await this.#hedged(read)
    if (snapshot) this.#listener.read(snapshot)
    else {
      this.#meter.forget(uuid)
      this.#definitions.forget(uuid)
      this.#listener.absent(uuid, readAt)
    }
    return snapshot
  }

  #hedged<R>(read: () => Promise<R>): Promise<R> {
    const { connection, clock } = this.#dependencies
    const worthwhile = () => connection.queued === 0
    return hedged(clock, read, { afterMs: ASK_AGAIN_MS, askedMax: ASKED_MAX, worthwhile })
  }

  /** An event or a figure points at a domain: look. A failed look is repeated by the next resync. */
  #look(uuid: string): void {
    this.reread(uuid).catch((error: unknown) => {
      if (!this.#over) this.#listener.problem(`reading domain ${uuid} failed`, error)
    })
  }

  async #listen(): Promise<void> {
    const { connection } = this.#dependencies
    const on = <E extends DomainEvent>(event: EventDefinition<E>, act: (event: E) => void) =>
      connection.subscribe(event, (told) => {
        this.#listener.heard(told.domain.uuid)
        act(told)
      })
    const look = ({ domain }: DomainEvent) => this.#look(domain.uuid)
    await Promise.all([
      on(lifecycle, (told) => {
        const isStorage = told.event === LifecycleEvent.DEFINED || told.event === LifecycleEvent.UNDEFINED
        if (isStorage) this.#unsure.add(told.domain.uuid)
        look(told)
      }),
      on(reboot, look),
      on(tunable, look),
      on(metadataChange, look),
      on(jobCompleted, look),
      on(migrationIteration, look),
      on(agentLifecycle, ({ domain }) => {
        this.#look(domain.uuid)
        this.#listener.agentChanged(domain.uuid)
      }),
      on(deviceRemovalFailed, ({ domain, deviceAlias }) => {
        this.#listener.removalFailed(domain.uuid, deviceAlias)
        this.#look(domain.uuid)
      }),
      connection.supportsAsyncVcpuUnplug
        ? on(vcpuRemoved, ({ domain, vcpuId }) => {
            this.#listener.vcpuRemoved(domain.uuid, vcpuId)
            this.#look(domain.uuid)
          })
        : undefined,
    ])
    await this.#listenForAcpi()
  }

  /** Without it an x86 guest's refusal is only silence; a daemon that does not offer it takes nothing else away. */
  async #listenForAcpi(): Promise<void> {
    try {
      await this.#dependencies.connection.subscribe(qemuMonitorEvent, ({ domain, event, details }) => {
        const alias = refusedVcpuAlias(event, details)
        if (alias === undefined) return
        this.#listener.removalFailed(domain.uuid, alias)
        this.#look(domain.uuid)
      })
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error
      this.#listener.problem("QEMU's own events are not available", error)
    }
  }

  async #readAll(): Promise<void> {
    const { connection, clock, knownUuids } = this.#dependencies
    const list = async () => {
      const readAt = clock.now()
      return { readAt, ...(await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })) }
    }
    const { readAt, domains } = await this.#hedged(list)
    const present = new Set(domains.map((domain) => domain.uuid))
    for (const uuid of knownUuids()) if (!present.has(uuid)) this.#listener.absent(uuid, readAt)
    // Any event may have been lost: what is compared is everything.
    for (const { uuid } of domains) this.#unsure.add(uuid)
    const results = await inParallel(domains, READ_WIDTH, (domain) => this.reread(domain.uuid))
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled' || isNoDomain(result.reason)) continue
      if (this.#over) throw result.reason
      // One domain that cannot be read must not hide the others.
      this.#listener.problem(`reading domain ${domains[index]?.name ?? ''} failed`, result.reason)
    }
  }

  #scheduleStatistics(): void {
    this.#cancelStatistics = this.#dependencies.clock.after(STATISTICS_PAUSE_MS, () => {
      this.#readStatistics()
        .catch((error: unknown) => {
          if (!this.#over) this.#listener.problem('reading the statistics failed', error)
        })
        .finally(() => {
          if (!this.#over) this.#scheduleStatistics()
        })
    })
  }

  async #readStatistics(): Promise<void> {
    const { connection, clock, known } = this.#dependencies
    const records = await this.#hedged(() => readStatistics(connection))
    const now = clock.now()
    const seen = new Set(records.map(({ domain }) => domain.uuid))
    for (const [index, record] of records.entries()) {
      if (index > 0 && index % STATISTICS_SLICE === 0) await nextTurn()
      if (this.#over) return
      const domain = toStatistics(record)
      const before = known(domain.uuid)
      if (before === undefined || changedUnseen(before, domain)) this.#look(domain.uuid)
      if (domain.vcpuTimeNs.size === 0) continue
      const load = this.#meter.measure(domain, now)
      if (load) this.#listener.load(domain.uuid, load)
    }
    for (const uuid of this.#dependencies.knownUuids()) if (!seen.has(uuid)) this.#look(uuid)
  }

  #scheduleResync(): void {
    this.#cancelResync = this.#dependencies.clock.after(RESYNC_PAUSE_MS, () => {
      this.#readAll()
        .catch((error: unknown) => {
          if (!this.#over) this.#listener.problem('the periodic resync failed', error)
        })
        .finally(() => {
          if (!this.#over) this.#scheduleResync()
        })
    })
  }
}

/** virDomainState of a machine that exists. */
function isRunning(state: number): boolean {
  return state !== 0 && state !== 5 && state !== 6
}

/** Whether the figures show another set of vCPUs, or another kind of state, than the last read did. */
export function changedUnseen(before: KnownDomain, domain: DomainStatistics): boolean {
  if (isRunning(domain.state) !== (before.machine !== undefined)) return true
  if (before.machine === undefined) return false
  // libvirt 12.8.0 sends no event for a migration that is aborted: only another look shows that the job is over.
  if (before.busy) return true
  if (domain.vcpuTimeNs.size > 0) {
    return (
      domain.vcpuTimeNs.size !== before.enabled.size ||
      [...domain.vcpuTimeNs.keys()].some((id) => !before.enabled.has(id))
    )
  }
  return domain.vcpuCurrent !== undefined && domain.vcpuCurrent !== before.enabled.size
}
