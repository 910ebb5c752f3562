import type { VmStatus } from '@coreshift/shared'
import type { DomainDefinition } from './domain-definition.ts'

/** What the guest agent told, where there is one. */
export interface GuestReport {
  /** Guest CPUs that are online, as the agent numbers them. */
  readonly online: readonly number[]
  /** Guest CPUs that the guest knows. */
  readonly known: readonly number[]
  readonly offlinable: readonly number[]
  /** Epoch ms. */
  readonly readAt: number
}

/** The guest's own word on what it is (guest agent, guest-get-osinfo). */
export interface AgentOs {
  readonly id?: string
  readonly name?: string
  readonly prettyName?: string
  readonly versionId?: string
  readonly version?: string
  readonly variantId?: string
  readonly variant?: string
  readonly kernelRelease?: string
  readonly kernelVersion?: string
  readonly machine?: string
}

/** One read of a domain. Everything in it was true at `readAt` or later. */
export interface DomainSnapshot {
  readonly uuid: string
  readonly hostId: string
  /** Epoch ms at which the read began. */
  readonly readAt: number
  /** libvirt's id of the running machine; -1 when not running. */
  readonly domainId: number
  readonly status: VmStatus
  /** Shut off because the machine moved to another host. */
  readonly migratedAway: boolean
  readonly persistent: boolean
  /** The running machine's definition; absent when not running. */
  readonly live?: DomainDefinition
  /** The stored definition; absent for a transient domain. */
  readonly config?: DomainDefinition
  /** Host CPU by vCPU id, where libvirt tells. */
  readonly hostCpus: ReadonlyMap<number, number>
  readonly job?: 'migration' | 'other'
}

/** The definition that a person thinks of: the running one, else the stored one. */
export function definitionOf(snapshot: DomainSnapshot): DomainDefinition {
  const definition = snapshot.live ?? snapshot.config
  if (!definition) throw new Error(`domain ${snapshot.uuid} has neither a live nor a stored definition`)
  return definition
}

/** Whether two reads of a VM differ in nothing but their time. Unchanged definitions are the same objects. */
export function tellsTheSame(a: DomainSnapshot, b: DomainSnapshot): boolean {
  return (
    a.hostId === b.hostId &&
    a.domainId === b.domainId &&
    a.status === b.status &&
    a.migratedAway === b.migratedAway &&
    a.persistent === b.persistent &&
    a.live === b.live &&
    a.config === b.config &&
    a.job === b.job &&
    a.hostCpus.size === b.hostCpus.size &&
    [...a.hostCpus].every(([vcpu, cpu]) => b.hostCpus.get(vcpu) === cpu)
  )
}
