import type { XmlTree } from '../xml/xml-tree.ts'

/** One vCPU of a definition, by its XML id (the place in the list). */
export interface VcpuSlot {
  online: boolean
  /**
   * Where the XML does not say, libvirt takes `no` for what is on and `yes` for what is off. `null`: added by raising the
   * maximum, and not read back since (12.8.0 prints no attribute then).
   */
  hotpluggable: boolean | null
  /** Order of enabling, from 1; 0 = not set. */
  order: number
}

export interface DefinedTopology {
  readonly sockets: number
  readonly dies: number
  readonly clusters: number
  readonly cores: number
  readonly threads: number
}

/** One domain as defined, live or stored. Parts that the simulation does not look into stay XML. */
export interface DomainDefinition {
  /** `kvm` or `qemu`. */
  type: string
  name: string
  readonly uuid: string
  title: string | null
  description: string | null
  /** Elements of other programs, by their namespace URI. */
  metadata: Map<string, XmlTree>
  readonly memoryKib: number
  readonly currentMemoryKib: number
  /** Host CPUs of all vCPUs without a pin of their own, e.g. `0-3`. */
  readonly cpuset: string | null
  vcpus: VcpuSlot[]
  /** Whether the XML lists every vCPU (`<vcpus>`). */
  individualVcpus: boolean
  /** Pins by vCPU id, as lists of host CPUs. */
  pins: Map<number, string>
  emulatorPin: string | null
  /** `<cputune>` without pins, in order: what stands before the pins. */
  readonly cputuneBefore: readonly XmlTree[]
  readonly cputuneAfter: readonly XmlTree[]
  /** libvirt's name of the architecture, e.g. `x86_64`. */
  readonly arch: string
  readonly machine: string
  readonly topology: DefinedTopology | null
  /** Everything else by element name. */
  readonly sections: ReadonlyMap<string, readonly XmlTree[]>
}

/** A copy that can be changed without changing the original. */
export function copyDefinition(definition: DomainDefinition): DomainDefinition {
  return {
    ...definition,
    metadata: new Map(definition.metadata),
    vcpus: definition.vcpus.map((slot) => ({ ...slot })),
    pins: new Map(definition.pins),
  }
}

/** Slots without an individual list: the first `current` are on. */
export function plainSlots(maximum: number, current: number): VcpuSlot[] {
  return Array.from({ length: maximum }, (_, id) => ({
    online: id < current,
    hotpluggable: id >= current,
    order: 0,
  }))
}

/** Number of vCPUs that are on. */
export function vcpuCount(definition: DomainDefinition): number {
  let count = 0
  for (const slot of definition.vcpus) if (slot.online) count++
  return count
}

/**
 * vCPUs that QEMU plugs and unplugs as one object: a whole core with its threads on pseries, one vCPU elsewhere
 * (QEMU documentation, "Virtual CPU hotplug").
 */
export function vcpusPerUnit(definition: DomainDefinition): number {
  return definition.arch.startsWith('ppc64') ? (definition.topology?.threads ?? 1) : 1
}

/** Whether the definition has a channel for the guest agent. */
export function hasAgentChannel(definition: DomainDefinition): boolean {
  return agentChannel(definition) !== undefined
}

export const AGENT_CHANNEL = 'org.qemu.guest_agent.0'

function agentChannel(definition: DomainDefinition): XmlTree | undefined {
  const devices = definition.sections.get('devices')?.[0]
  return devices?.children.find(
    (device): device is XmlTree =>
      typeof device !== 'string' &&
      device.name === 'channel' &&
      device.children.some(
        (part) =>
          typeof part !== 'string' &&
          part.name === 'target' &&
          part.attributes.some(([key, value]) => key === 'name' && value === AGENT_CHANNEL),
      ),
  )
}
