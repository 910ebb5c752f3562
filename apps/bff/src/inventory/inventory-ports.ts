import type { Connection, DomainRef } from '@coreshift/libvirt'
import type { VmFacts } from '@coreshift/shared'
import type { GuestOs, Operation, Vm } from '@coreshift/shared/contract'
import type { AgentOs, DomainSnapshot } from './domain-snapshot.ts'

/** A way to ask and change one domain right now. */
export interface DomainSession {
  readonly connection: Connection
  readonly domain: DomainRef
  readonly host: { readonly id: string; readonly name: string }
}

/** What others hear from the inventory as it learns it. Called synchronously; a listener only notes and returns. */
export interface InventoryListener {
  /** A VM was read. Called for every read, changed or not. */
  read(snapshot: DomainSnapshot): void
  /** No connected host knows the VM any more. */
  gone(uuid: string, readAt: number): void
  /** libvirt's event for one vCPU; a hint to look, nothing more. */
  vcpuRemoved(uuid: string, vcpu: number): void
  /** libvirt's event for a device alias; a hint to look. */
  removalFailed(uuid: string, alias: string): void
  /** The host's VMs cannot be asked. */
  hostDown(hostId: string, cause: string): void
  /** The host is connected and all of its VMs were read. */
  hostSynced(hostId: string): void
}

/** The operation that belongs to a VM: the open one, else the latest. Supplied by the resize desk. */
export interface OperationSource {
  operationOf(uuid: string): Operation | undefined
  /** That one, and ended ones whose vCPUs may still go. */
  operationsOf(uuid: string): readonly Operation[]
}

/** What the resize desk needs of the inventory. */
export interface VmReader {
  facts(uuid: string): VmFacts | undefined
  snapshot(uuid: string): DomainSnapshot | undefined
  /** The VM as it is shown, with its load where that was measured. */
  get(uuid: string): Vm | undefined
  /** `undefined` while the VM's host is not connected. */
  session(uuid: string): DomainSession | undefined
  hostOf(uuid: string): { readonly id: string; readonly name: string } | undefined
  /**
   * Reads the VM now; listeners hear of it before the promise resolves.
   * @returns `undefined` when its host does not know it
   * @throws Failure `host-offline`
   */
  reread(uuid: string): Promise<DomainSnapshot | undefined>
  /** This moment, for `readSince`. */
  moment(): number
  /**
   * Like `reread`, unless the VM was read, or is being read, since that moment.
   * @throws Failure `host-offline`
   */
  readSince(uuid: string, moment: number): Promise<void>
  /** The guest was told to use or to give up CPUs: its agent is asked what it uses now. */
  guestChanged(uuid: string): void
  /** The operation of a VM changed: its view is built again. */
  operationChanged(uuid: string): void
}

/** Names a guest OS and says what it supports. Supplied by the guest OS matrix. */
export interface GuestOsJudge {
  judge(facts: {
    readonly osinfoId?: string
    readonly agentOs?: AgentOs
    readonly override?: string
    readonly arch: string
  }): { readonly guestOs: GuestOs; readonly socketsMax?: number }
}
