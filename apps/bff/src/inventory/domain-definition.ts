import type { CpuTopology } from '@coreshift/shared'

/** One `<vcpu>` of a domain definition. */
export interface DefinedVcpu {
  readonly id: number
  readonly enabled: boolean
  readonly hotpluggable: boolean
  /** `order` attribute: the place in the order of addition; absent for vCPUs that are not enabled. */
  readonly order?: number
}

/** What Coreshift reads from a domain's XML, live or stored. */
export interface DomainDefinition {
  readonly uuid: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  /** libvirt's id of the running machine; absent in a stored definition. */
  readonly domainId?: number
  /** `kvm`, `qemu` … */
  readonly domainType: string
  /** libvirt's architecture name. */
  readonly arch: string
  readonly machine: string
  readonly vcpuMax: number
  /** Every slot from 0 to `vcpuMax - 1`. */
  readonly vcpus: readonly DefinedVcpu[]
  readonly topology: CpuTopology
  readonly topologyDeclared: boolean
  /** Host CPUs by vCPU id, only for vCPUs with a `<vcpupin>` of their own. */
  readonly pinning: ReadonlyMap<number, string>
  /** Guest NUMA cell by vCPU id. */
  readonly cells: ReadonlyMap<number, number>
  /** State of the guest agent's channel; `none` when the domain has no such channel. */
  readonly agent: 'connected' | 'disconnected' | 'none'
  /** libosinfo id, e.g. `http://redhat.com/rhel/9.4`. */
  readonly osinfoId?: string
  /** Guest OS matrix row that an administrator chose, from our own metadata element. */
  readonly guestOsOverride?: string
}

/** Namespace of Coreshift's own metadata element in a domain. */
export const METADATA_URI = 'urn:coreshift:domain:1'
/** Prefix under which libvirt stores it. */
export const METADATA_PREFIX = 'coreshift'

/** Ids of the enabled vCPUs, lowest first. */
export function enabledIds(definition: DomainDefinition): number[] {
  return definition.vcpus.filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id)
}
