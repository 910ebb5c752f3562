import { domainByUuid, isConnectionError, type Connection } from '@coreshift/libvirt'
import type { VmFacts } from '@coreshift/shared'
import type { Actor, PowerAction, TopologyView, Vm, VmSummary } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { HostFacts, HostIdentity } from '../hosts/host-link.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { enabledIds, type DomainDefinition } from './domain-definition.ts'
import { definitionOf, tellsTheSame, type DomainSnapshot } from './domain-snapshot.ts'
import { GuestWatch } from './guest-watch.ts'
import { HostWatch, type KnownDomain } from './host-watch.ts'
import { isSameType, MachineMaxima } from './machine-maxima.ts'
import { Moments } from './moments.ts'
import type {
  DomainSession,
  GuestOsJudge,
  InventoryListener,
  OperationSource,
  VmReader,
} from './inventory-ports.ts'
import { outsideChangeEntry } from './outside-changes.ts'
import { ShownVms } from './shown-vms.ts'
import { topologyView } from './topology-view.ts'
import { VmActions } from './vm-actions.ts'
import { VmContexts } from './vm-contexts.ts'
import type { VmDirectory } from './vm-directory.ts'
import { vmFacts } from './vm-facts.ts'
import { sameLoad, type VmLoad } from './vm-load.ts'
import { SnapshotStore } from './vm-store.ts'

interface InventoryDependencies {
  readonly clock: Clock
  readonly audit: AuditLog
  readonly settings: SettingsDesk
  readonly guestOs: GuestOsJudge
  /** Told what went wrong without stopping anything. */
  readonly problem: (text: string, error: unknown) => void
}

interface KnownHost {
  readonly identity: HostIdentity
  facts: HostFacts | undefined
  connection: Connection | undefined
  watch: HostWatch | undefined
  readonly maxima: MachineMaxima
}

/** Everything known about all VMs of all hosts. libvirt is the truth; this is its newest answer, with revisions. */
export class Inventory implements VmDirectory, VmReader {
  readonly #dependencies: InventoryDependencies
  readonly #hosts = new Map<string, KnownHost>()
  readonly #snapshots = new SnapshotStore()
  readonly #shown = new ShownVms()
  readonly #load = new Map<string, VmLoad>()
  readonly #moments = new Moments()
  readonly #guests: GuestWatch
  readonly #contexts: VmContexts
  readonly #actions: VmActions
  readonly #readers = new Set<InventoryListener>()
  readonly #eventListeners = new Set<(uuid: string) => void>()
  #operations: OperationSource = { operationOf: () => undefined, operationsOf: () => [] }

  constructor(dependencies: InventoryDependencies) {
    const { clock, audit, settings, guestOs, problem } = dependencies
    this.#dependencies = dependencies
    this.#guests = new GuestWatch({
      clock,
      session: (uuid) => this.session(uuid),
      problem,
      changed: (uuid) => this.#show(uuid),
    })
    this.#contexts = new VmContexts({
      settings,
      guestOs,
      guests: this.#guests,
      host: (id) => this.#hosts.get(id),
      load: (uuid) => this.#load.get(uuid),
      operationOf: (uuid) => this.#operations.operationOf(uuid),
    })
    this.#actions = new VmActions({ clock, audit, vms: this, problem })
    settings.onChange(() => this.#showAll())
  }

  // ── what the resize desk uses ──

  setOperations(source: OperationSource): void {
    this.#operations = source
  }

  addListener(listener: InventoryListener): void {
    this.#readers.add(listener)
  }

  /** The guest OS matrix changed: every VM is built again. */
  guestOsChanged(): void {
    this.#showAll()
  }

  operationChanged(uuid: string): void {
    this.#show(uuid)
  }

  snapshot(uuid: string): DomainSnapshot | undefined {
    return this.#snapshots.current(uuid)
  }

  facts(uuid: string): VmFacts | undefined {
    const snapshot = this.#snapshots.current(uuid)
    const shown = this.#shown.get(uuid)
    if (!snapshot || !shown) return undefined
    return vmFacts(snapshot, this.#contexts.of(snapshot), shown.rev)
  }

  hostOf(uuid: string): { id: string; name: string } | undefined {
    const host = this.#hostOfVm(uuid)
    return host && { id: host.identity.id, name: host.identity.name }
  }

  session(uuid: string): DomainSession | undefined {
    const host = this.#hostOfVm(uuid)
    if (!host?.connection || host.watch?.listening !== true) return undefined
    return {
      connection: host.connection,
      domain: domainByUuid(uuid, this.#shown.get(uuid)?.name),
      host: { id: host.identity.id, name: host.identity.name },
    }
  }

  /** @throws Failure `host-offline` */
  openSession(uuid: string): DomainSession {
    const session = this.session(uuid)
    if (!session) throw this.#offline(uuid)
    return session
  }

  reread(uuid: string): Promise<DomainSnapshot | undefined> {
    return this.#withWatch(uuid, (watch) => watch.reread(uuid))
  }

  moment(): number {
    return this.#moments.now
  }

  readSince(uuid: string, moment: number): Promise<void> {
    return this.#withWatch(uuid, (watch) => watch.readSince(uuid, moment))
  }

  guestChanged(uuid: string): void {
    this.#guests.askAgain(uuid)
  }

  // ── what the hosts tell ──

  hostUp(identity: HostIdentity, connection: Connection, facts: HostFacts): void {
    const { id } = identity
    const problem = (text: string, error: unknown) =>
      this.#dependencies.problem(`host ${identity.name}: ${text}`, error)
    const maxima = new MachineMaxima({
      connection,
      learned: (type) => current() && this.#showHost(id, (definition) => isSameType(definition, type)),
      problem,
    })
    const host: KnownHost = { identity, facts, connection, watch: undefined, maxima }
    this.#hosts.get(id)?.watch?.stop()
    this.#hosts.set(id, host)
    const current = () => this.#hosts.get(id) === host
    host.watch = new HostWatch(
      {
        hostId: id,
        connection,
        clock: this.#dependencies.clock,
        known: (uuid) => knownOf(this.#snapshots.of(uuid, id)),
        knownUuids: () => this.#snapshots.uuidsOfHost(id),
        moments: this.#moments,
      },
      {
        heard: (uuid) => {
          for (const listener of this.#eventListeners) listener(uuid)
        },
        read: (snapshot) => current() && this.#takeIn(snapshot),
        absent: (uuid, readAt) => current() && this.#absent(uuid, id, readAt),
        load: (uuid, load) => current() && this.#takeLoad(uuid, id, load),
        vcpuRemoved: (uuid, vcpu) => this.#tell((listener) => listener.vcpuRemoved(uuid, vcpu)),
        removalFailed: (uuid, alias) => this.#tell((listener) => listener.removalFailed(uuid, alias)),
        agentChanged: (uuid) => this.#guests.refresh(uuid),
        synced: () => {
          if (!current()) return
          this.#showHost(id)
          this.#tell((listener) => listener.hostSynced(id))
        },
        problem,
      },
    )
    host.watch.start().catch((error: unknown) => {
      // A lost connection is reported by the link, which opens a new one; anything else must not leave a silent host.
      if (connection.state !== 'open') return
      problem('the first reading failed', error)
      void connection.close()
    })
  }

  hostDown(hostId: string, cause: string): void {
    const host = this.#hosts.get(hostId)
    if (!host) return
    host.watch?.stop()
    host.watch = undefined
    host.connection = undefined
    this.#showHost(hostId)
    this.#tell((listener) => listener.hostDown(hostId, cause))
  }

  hostRemoved(hostId: string): void {
    this.hostDown(hostId, 'The host was removed from Coreshift.')
    const readAt = this.#dependencies.clock.now()
    for (const uuid of this.#snapshots.uuidsOfHost(hostId)) this.#absent(uuid, hostId, readAt)
    this.#hosts.delete(hostId)
  }

  countOfHost(hostId: string): number {
    let count = 0
    for (const { host } of this.#shown.list()) if (host === hostId) count += 1
    return count
  }

  // ── what the doors ask (VmDirectory) ──

  get rev(): number {
    return this.#shown.rev
  }

  list(): readonly VmSummary[] {
    return this.#shown.list()
  }

  get(uuid: string): Vm | undefined {
    return this.#shown.get(uuid)
  }

  summary(uuid: string): VmSummary | undefined {
    return this.#shown.summary(uuid)
  }

  onChange(listener: Parameters<VmDirectory['onChange']>[0]): () => void {
    return this.#shown.onChange(listener)
  }

  /** Hears of every event of libvirt about a VM, before anything is read. */
  onEvent(listener: (uuid: string) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  async topology(uuid: string): Promise<TopologyView> {
    const vm = this.get(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM with the UUID ${uuid}.`)
    return topologyView(vm, () => this.#guests.read(uuid))
  }

  power(uuid: string, action: PowerAction, actor: Actor): Promise<void> {
    return this.#actions.power(uuid, action, actor)
  }

  setDescription(uuid: string, description: string, actor: Actor): Promise<void> {
    return this.#actions.setDescription(uuid, description, actor)
  }

  setGuestOs(uuid: string, row: string | null, actor: Actor): Promise<void> {
    return this.#actions.setGuestOs(uuid, row, actor)
  }

  // ── inside ──

  /** @throws Failure `host-offline` */
  async #withWatch<R>(uuid: string, read: (watch: HostWatch) => Promise<R>): Promise<R> {
    const host = this.#hostOfVm(uuid)
    if (!host?.watch || host.connection?.state !== 'open') throw this.#offline(uuid)
    try {
      return await read(host.watch)
    } catch (error) {
      if (isConnectionError(error)) throw this.#offline(uuid, error)
      throw error
    }
  }

  #takeIn(snapshot: DomainSnapshot): void {
    const { uuid, hostId } = snapshot
    const before = this.#snapshots.current(uuid)
    const own = this.#snapshots.of(uuid, hostId)
    if (own && own.readAt > snapshot.readAt) return
    this.#snapshots.put(snapshot)
    this.#hosts.get(hostId)?.maxima.learn(definitionOf(snapshot))
    const speaks = this.#snapshots.current(uuid) === snapshot
    if (before && speaks) this.#noteOutsideChange(before, snapshot)
    this.#guests.noticed(snapshot, before)
    this.#tell((listener) => listener.read(snapshot))
    const nothingNew = before && speaks && tellsTheSame(before, snapshot) && this.get(uuid)?.stale === false
    if (nothingNew !== true) this.#show(uuid)
  }

  #noteOutsideChange(before: DomainSnapshot, after: DomainSnapshot): void {
    const { audit, clock, problem } = this.#dependencies
    const entry = outsideChangeEntry(before, after, this.#operations.operationsOf(after.uuid))
    if (!entry) return
    audit
      .append({ at: new Date(clock.now()).toISOString(), ...entry })
      .catch((error: unknown) => problem('an outside change could not be recorded', error))
  }

  #absent(uuid: string, hostId: string, readAt: number): void {
    const wasKnown = this.#snapshots.of(uuid, hostId) !== undefined
    const nowhere = this.#snapshots.remove(uuid, hostId)
    if (!wasKnown) return
    if (!nowhere) return this.#show(uuid)
    this.#load.delete(uuid)
    this.#guests.forget(uuid)
    this.#tell((listener) => listener.gone(uuid, readAt))
    this.#shown.drop(uuid)
  }

  #takeLoad(uuid: string, hostId: string, load: VmLoad): void {
    const snapshot = this.#snapshots.current(uuid)
    if (snapshot?.hostId !== hostId) return
    const before = this.#load.get(uuid)
    if (before && sameLoad(before, load)) return
    this.#load.set(uuid, load)
    if (snapshot.live) this.#shown.showLoad(uuid, load)
  }

  #showAll(): void {
    for (const uuid of this.#snapshots.uuids()) this.#show(uuid)
  }

  #showHost(hostId: string, which: (definition: DomainDefinition) => boolean = () => true): void {
    for (const uuid of this.#snapshots.uuidsOfHost(hostId)) {
      const snapshot = this.#snapshots.of(uuid, hostId)
      if (snapshot && which(definitionOf(snapshot))) this.#show(uuid)
    }
  }

  #show(uuid: string): void {
    const snapshot = this.#snapshots.current(uuid)
    if (snapshot) this.#shown.show(snapshot, this.#contexts.of(snapshot))
  }

  #hostOfVm(uuid: string): KnownHost | undefined {
    const snapshot = this.#snapshots.current(uuid)
    return snapshot && this.#hosts.get(snapshot.hostId)
  }

  #offline(uuid: string, cause?: unknown): Failure {
    const host = this.#hostOfVm(uuid)?.identity.name ?? 'of the VM'
    return new Failure('host-offline', `Host ${host} cannot be reached at the moment; nothing was changed.`, {
      ...(cause !== undefined && { cause }),
    })
  }

  #tell(say: (listener: InventoryListener) => void): void {
    for (const listener of this.#readers) say(listener)
  }
}

function knownOf(snapshot: DomainSnapshot | undefined): KnownDomain | undefined {
  if (!snapshot) return undefined
  const { live, persistent, job } = snapshot
  return {
    ...(live && { machine: { persistent, vcpuMax: live.vcpuMax } }),
    enabled: new Set(live ? enabledIds(live) : []),
    busy: job !== undefined,
  }
}
