import type { CpuTopology } from '../cpu-topology.ts'
import type { VmStatus } from '../vm-status.ts'
import type { GuestSupportValue } from '../contract/vm.ts'

/** One vCPU slot as the hypervisor defines it. */
export interface VcpuFacts {
  readonly id: number
  readonly enabled: boolean
  /** libvirt's `hotpluggable='yes'`: only such a vCPU can be removed while the VM runs. */
  readonly hotpluggable: boolean
  /** Host CPUs the vCPU is pinned to by an explicit `<vcpupin>`; absent = not pinned. */
  readonly pinning?: string
}

/** A definition, live or stored. */
export interface DefinitionFacts {
  readonly topology: CpuTopology
  /** Whether the definition has a `<topology>`; without one libvirt assumes one core per socket. */
  readonly topologyDeclared: boolean
  readonly maximum: number
  /** Every slot from 0 to `maximum - 1`, in order of id. */
  readonly vcpus: readonly VcpuFacts[]
}

/** The resize that holds the VM. */
export interface OpenResizeFacts {
  readonly id: string
  readonly by: string
  /** ISO instant. */
  readonly since: string
  /** What it does, e.g. "from 4 to 2 sockets". */
  readonly what: string
}

/** All that the sockets rules look at. Built by the inventory, never by the page. */
export interface VmFacts {
  readonly uuid: string
  readonly name: string
  readonly rev: number
  readonly status: VmStatus
  /** libvirt's architecture name, e.g. `x86_64`, `ppc64le`. */
  readonly arch: string
  readonly machine: string
  /** Absent when no machine is running. */
  readonly live?: DefinitionFacts
  /** The stored definition; absent for a transient VM. */
  readonly config?: DefinitionFacts
  /** vCPUs that move together in a live resize. */
  readonly unitSize: number
  readonly guest: {
    readonly name: string
    readonly plug: GuestSupportValue
    readonly unplug: GuestSupportValue
    /** Sockets that the guest's edition uses at most, where known. */
    readonly socketsMax?: number
  }
  readonly host: {
    readonly name: string
    readonly online: boolean
    readonly cpus: number
    /** vCPUs that the machine type accepts at most, where known. */
    readonly machineMaximum?: number
  }
  /** A job that forbids changes while it runs. */
  readonly job?: 'migration' | 'other'
  readonly openResize?: OpenResizeFacts
  readonly settings: {
    /** Why unplug is switched off, or absent when it is allowed. */
    readonly unplugDisabledBy?: 'global' | 'host' | 'vm'
    readonly pinnedRemovalAllowed: boolean
    readonly hostCpuLimit: 'warn' | 'enforce'
  }
}
