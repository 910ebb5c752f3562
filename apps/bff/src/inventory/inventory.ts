import { domainByUuid, isConnectionError, type Connection } from '@coreshift/libvirt'
import { diffPatch, formatVcpuRanges as ranges, type VmFacts } from '@coreshift/shared'
import type { Actor, Operation, PowerAction, TopologyView, Vm, VmSummary } from '@coreshift/shared/contract'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { HostFacts, HostIdentity } from '../hosts/host-link.ts'
import type { SettingsDesk } from '../settings/settings-desk.ts'
import { changePower } from './change-power.ts'
import { enabledIds } from './domain-definition.ts'
import { definitionOf, type AgentOs, type DomainSnapshot, type GuestReport } from './domain-snapshot.ts'
import { GuestWatch } from './guest-watch.ts'
import { HostWatch } from './host-watch.ts'
import type {
  DomainSession,
  GuestOsJudge,
  InventoryListener,
  OperationSource,
  VmReader,
} from './inventory-ports.ts'
import { describeOutsideChange, findOutsideChange } from './outside-changes.ts'
import { writeDescription, writeGuestOs } from './domain-metadata.ts'
import { failureOf, messageOf } from './libvirt-failure.ts'
import type { VmDirectory } from './vm-directory.ts'
import { vmFacts } from './vm-facts.ts'
import { buildVm, summaryOf, type VmContext, type VmLoad } from './vm-model.ts'
import { SnapshotStore } from './vm-store.ts'

export interface InventoryDependencies {
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
}

interface Shown {
  readonly vm: Vm
  readonly summary: VmSummary
}

/** Everything known about all VMs of all hosts. libvirt is the truth; this is its newest answer, with revisions. */
export class Inventory implements VmDirectory, VmReader {
  readonly #dependencies: InventoryDependencies
  readonly #hosts = new Map<string, KnownHost>()
  readonly #snapshots = new SnapshotStore()
  readonly #shown = new Map<string, Shown>()
  readonly #load = new Map<string, VmLoad>()
  readonly #guests: GuestWatch
  readonly #listeners = new Set<(uuid: string) => void>()
  readonly #readers = new Set<InventoryListener>()
  #operations: OperationSource = { operationOf: () => undefined, operationsOf: () => [] }
  #rev = 0

  constructor(dependencies: InventoryDependencies) {
    this.#dependencies = dependencies
    this.#guests = new GuestWatch({
      clock: dependencies.clock,
      session: (uuid) => this.session(uuid),
      problem: dependencies.problem,
      changed: (uuid) => this.#show(uuid),
    })
    dependencies.settings.onChange(() => this.#showAll())
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
    return vmFacts(snapshot, this.#context(snapshot), shown.vm.rev)
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
      domain: domainByUuid(uuid, this.#shown.get(uuid)?.vm.name),
      host: { id: host.identity.id, name: host.identity.name },
    }
  }

  async reread(uuid: string): Promise<DomainSnapshot | undefined> {
    const host = this.#hostOfVm(uuid)
    if (!host?.watch || host.connection?.state !== 'open') throw this.#offline(uuid)
    try {
      return await host.watch.reread(uuid)
    } catch (error) {
      if (isConnectionError(error)) throw this.#offline(uuid, error)
      throw error
    }
  }

  // ── what the hosts tell ──

  hostUp(identity: HostIdentity, connection: Connection, facts: HostFacts): void {
    const host: KnownHost = { identity, facts, connection, watch: undefined }
    const { id } = identity
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
      },
      {
        read: (snapshot) => current() && this.#takeIn(snapshot),
        absent: (uuid, readAt) => current() && this.#absent(uuid, id, readAt),
        load: (uuid, load) => current() && this.#takeLoad(uuid, id, load),
        vcpuRemoved: (uuid, vcpu) => this.#tell((listener) => listener.vcpuRemoved(uuid, vcpu)),
        removalFailed: (uuid, alias) => this.#tell((listener) => listener.removalFailed(uuid, alias)),
        agentChanged: (uuid) => this.#guests.refresh(uuid),
        synced: () => {
          if (!current()) return
          for (const uuid of this.#snapshots.uuidsOfHost(id)) this.#show(uuid)
          this.#tell((listener) => listener.hostSynced(id))
        },
        problem: (text, error) => this.#dependencies.problem(`host ${identity.name}: ${text}`, error),
      },
    )
    host.watch.start().catch((error: unknown) => {
      // A lost connection is reported by the link, which opens a new one; anything else must not leave a silent host.
      if (connection.state !== 'open') return
      this.#dependencies.problem(`host ${identity.name}: the first reading failed`, error)
      void connection.close()
    })
  }

  hostDown(hostId: string, cause: string): void {
    const host = this.#hosts.get(hostId)
    if (!host) return
    host.watch?.stop()
    host.watch = undefined
    host.connection = undefined
    for (const uuid of this.#snapshots.uuidsOfHost(hostId)) this.#show(uuid)
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
    for (const { summary } of this.#shown.values()) if (summary.host === hostId) count += 1
    return count
  }

  // ── what the doors ask (VmDirectory) ──

  get rev(): number {
    return this.#rev
  }

  list(): readonly VmSummary[] {
    return [...this.#shown.values()].map(({ summary }) => summary)
  }

  get(uuid: string): Vm | undefined {
    return this.#shown.get(uuid)?.vm
  }

  summary(uuid: string): VmSummary | undefined {
    return this.#shown.get(uuid)?.summary
  }

  onChange(listener: (uuid: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async topology(uuid: string): Promise<TopologyView> {
    const vm = this.#required(uuid)
    const { declared: _declared, ...topology } = vm.topology
    const hypervisor = { topology, vcpus: vm.vcpus }
    if (vm.agent === 'none') return { hypervisor, guestProblem: 'The VM has no guest agent channel.' }
    if (vm.agent === 'disconnected') return { hypervisor, guestProblem: 'The guest agent is not connected.' }
    const report = await this.#guests.read(uuid)
    if ('problem' in report) return { hypervisor, guestProblem: report.problem }
    return { hypervisor, guest: guestView(report) }
  }

  async power(uuid: string, action: PowerAction, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    const session = this.#sessionOrFail(uuid)
    const draft = {
      actor,
      action: `vm.power.${action}`,
      vm: uuid,
      vmName: vm.name,
      host: vm.host,
    }
    try {
      await changePower(session, action)
    } catch (error) {
      const message = messageOf(error)
      await this.#dependencies.audit.append({
        ...draft,
        at: this.#instant(),
        outcome: 'failed',
        message: `${actor.name} asked for ${action} of ${vm.name}; libvirt refused: ${message}`,
      })
      throw failureOf(error, uuid)
    }
    await this.#dependencies.audit.append({
      ...draft,
      at: this.#instant(),
      outcome: 'done',
      message: `${actor.name} asked for ${action} of ${vm.name}.`,
    })
    await this.#rereadQuietly(uuid)
  }

  async setDescription(uuid: string, description: string, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    if ((vm.description ?? '') === description) return
    await this.#change(uuid, (session, snapshot) => writeDescription(session, snapshot, description))
    await this.#dependencies.audit.append({
      at: this.#instant(),
      actor,
      action: 'vm.description-changed',
      outcome: 'done',
      vm: uuid,
      vmName: vm.name,
      host: vm.host,
      message: `${actor.name} changed the description of ${vm.name}.`,
      detail: { before: vm.description ?? '', after: description },
    })
    await this.#rereadQuietly(uuid)
  }

  async setGuestOs(uuid: string, row: string | null, actor: Actor): Promise<void> {
    const vm = this.#required(uuid)
    await this.#change(uuid, (session, snapshot) => writeGuestOs(session, snapshot, row))
    await this.#dependencies.audit.append({
      at: this.#instant(),
      actor,
      action: 'vm.guest-os-changed',
      outcome: 'done',
      vm: uuid,
      vmName: vm.name,
      host: vm.host,
      message:
        row === null
          ? `${actor.name} took back the guest OS set by hand for ${vm.name}.`
          : `${actor.name} set the guest OS of ${vm.name} to ${row}.`,
      detail: { before: vm.guestOs, after: row },
    })
    await this.#rereadQuietly(uuid)
  }

  // ── inside ──

  #takeIn(snapshot: DomainSnapshot): void {
    const { uuid } = snapshot
    const before = this.#snapshots.current(uuid)
    const own = this.#snapshots.of(uuid, snapshot.hostId)
    if (own && own.readAt > snapshot.readAt) return
    this.#snapshots.put(snapshot)
    const operations = this.#operations.operationsOf(uuid)
    const change =
      before && this.#snapshots.current(uuid) === snapshot && findOutsideChange(before, snapshot, operations)
    if (change) this.#recordOutsideChange(snapshot, describeOutsideChange(change), change)
    this.#guests.noticed(snapshot, before)
    this.#tell((listener) => listener.read(snapshot))
    this.#show(uuid)
  }

  #recordOutsideChange(snapshot: DomainSnapshot, message: string, detail: object): void {
    const { name } = definitionOf(snapshot)
    this.#dependencies.audit
      .append({
        at: this.#instant(),
        actor: { kind: 'outside', name: 'outside Coreshift' },
        action: 'vm.changed-outside',
        outcome: 'info',
        vm: snapshot.uuid,
        vmName: name,
        host: snapshot.hostId,
        message,
        detail: { ...detail },
      })
      .catch((error: unknown) => this.#dependencies.problem('an outside change could not be recorded', error))
  }

  #absent(uuid: string, hostId: string, readAt: number): void {
    const wasKnown = this.#snapshots.of(uuid, hostId) !== undefined
    const nowhere = this.#snapshots.remove(uuid, hostId)
    if (!wasKnown) return
    if (!nowhere) return this.#show(uuid)
    this.#load.delete(uuid)
    this.#guests.forget(uuid)
    this.#tell((listener) => listener.gone(uuid, readAt))
    if (!this.#shown.delete(uuid)) return
    this.#rev += 1
    for (const listener of this.#listeners) listener(uuid)
  }

  #takeLoad(uuid: string, hostId: string, load: VmLoad): void {
    if (this.#snapshots.current(uuid)?.hostId !== hostId) return
    const before = this.#load.get(uuid)
    if (before && sameLoad(before, load)) return
    this.#load.set(uuid, load)
    this.#show(uuid)
  }

  #showAll(): void {
    for (const uuid of this.#snapshots.uuids()) this.#show(uuid)
  }

  /** Builds the VM again; a revision is used up only when something is different. */
  #show(uuid: string): void {
    const snapshot = this.#snapshots.current(uuid)
    if (!snapshot) return
    const before = this.#shown.get(uuid)
    const rev = before?.vm.rev ?? 0
    const vm = buildVm(snapshot, this.#context(snapshot), rev)
    if (before && diffPatch(before.vm, vm) === undefined) return
    this.#rev += 1
    // Load figures are no change that a plan would have to know of.
    const planned = before && onlyLoadDiffers(before.vm, vm) ? vm : { ...vm, rev: rev + 1 }
    this.#shown.set(uuid, { vm: planned, summary: summaryOf(planned) })
    for (const listener of this.#listeners) listener(uuid)
  }

  #context(snapshot: DomainSnapshot): VmContext {
    const host = this.#hosts.get(snapshot.hostId)
    const operation = this.#operations.operationOf(snapshot.uuid)
    const load = this.#load.get(snapshot.uuid)
    const guestReport = this.#guests.report(snapshot.uuid)
    const { guestOs, socketsMax } = this.#judgeGuestOs(snapshot)
    return {
      guestOs,
      ...(socketsMax !== undefined && { guestSocketsMax: socketsMax }),
      settings: this.#dependencies.settings.current(),
      host: {
        id: snapshot.hostId,
        name: host?.identity.name ?? snapshot.hostId,
        online: host?.connection !== undefined,
        cpus: host?.facts?.cpus ?? 1,
      },
      ...(operation && { operation: operation as Operation }),
      ...(load && { load }),
      ...(guestReport && { guestReport }),
    }
  }

  #judgeGuestOs(snapshot: DomainSnapshot): ReturnType<GuestOsJudge['judge']> {
    const { osinfoId, guestOsOverride, arch } = definitionOf(snapshot)
    const agentOs: AgentOs | undefined = this.#guests.agentOs(snapshot.uuid)
    return this.#dependencies.guestOs.judge({
      arch,
      ...(osinfoId !== undefined && { osinfoId }),
      ...(agentOs && { agentOs }),
      ...(guestOsOverride !== undefined && { override: guestOsOverride }),
    })
  }

  #hostOfVm(uuid: string): KnownHost | undefined {
    const snapshot = this.#snapshots.current(uuid)
    return snapshot && this.#hosts.get(snapshot.hostId)
  }

  #required(uuid: string): Vm {
    const vm = this.get(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM with the UUID ${uuid}.`)
    return vm
  }

  #sessionOrFail(uuid: string): DomainSession {
    const session = this.session(uuid)
    if (!session) throw this.#offline(uuid)
    return session
  }

  #offline(uuid: string, cause?: unknown): Failure {
    const host = this.#hostOfVm(uuid)?.identity.name ?? 'of the VM'
    return new Failure('host-offline', `Host ${host} cannot be reached at the moment; nothing was changed.`, {
      ...(cause !== undefined && { cause }),
    })
  }

  async #change(
    uuid: string,
    act: (session: DomainSession, snapshot: DomainSnapshot) => Promise<void>,
  ): Promise<void> {
    const session = this.#sessionOrFail(uuid)
    const snapshot = this.#snapshots.current(uuid)
    if (!snapshot) throw new Failure('not-found', `There is no VM with the UUID ${uuid}.`)
    try {
      await act(session, snapshot)
    } catch (error) {
      throw failureOf(error, uuid)
    }
  }

  async #rereadQuietly(uuid: string): Promise<void> {
    try {
      await this.reread(uuid)
    } catch (error) {
      // The change itself was made; the next event or resync shows it.
      this.#dependencies.problem(`reading ${uuid} after a change failed`, error)
    }
  }

  #instant(): string {
    return new Date(this.#dependencies.clock.now()).toISOString()
  }

  #tell(say: (listener: InventoryListener) => void): void {
    for (const listener of this.#readers) say(listener)
  }
}

function knownOf(
  snapshot: DomainSnapshot | undefined,
): { running: boolean; enabled: ReadonlySet<number> } | undefined {
  if (!snapshot) return undefined
  return {
    running: snapshot.live !== undefined,
    enabled: new Set(snapshot.live ? enabledIds(snapshot.live) : []),
  }
}

function sameLoad(a: VmLoad, b: VmLoad): boolean {
  if (a.percent !== b.percent || a.byVcpu.size !== b.byVcpu.size) return false
  for (const [id, percent] of a.byVcpu) if (b.byVcpu.get(id) !== percent) return false
  return true
}

function withoutLoad(vm: Vm): object {
  const { loadPercent: _load, rev: _rev, vcpus, ...rest } = vm
  return {
    ...rest,
    vcpus: vcpus.map(({ loadPercent: _vcpuLoad, hostCpu: _hostCpu, ...vcpu }) => vcpu),
  }
}

function onlyLoadDiffers(before: Vm, after: Vm): boolean {
  return diffPatch(withoutLoad(before), withoutLoad(after)) === undefined
}

function guestView(report: GuestReport): NonNullable<TopologyView['guest']> {
  return {
    source: 'agent',
    vcpus: ranges(report.known),
    online: ranges(report.online),
    offlinable: ranges(report.offlinable),
    readAt: new Date(report.readAt).toISOString(),
  }
}
