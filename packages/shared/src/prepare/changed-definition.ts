import { hotplugUnitSize, unitOf, vcpusPerSocket, type CpuTopology } from '../cpu-topology.ts'
import type { DefinitionFacts, VcpuFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus } from '../sockets-rules/whole-sockets.ts'

/** How the stored definition is to look. */
export interface DefinitionWish {
  /** Sockets that there shall be room for. */
  readonly socketsMax: number
  /** Sockets present at the next boot. Absent: as many vCPUs as are stored, in whole sockets of a changed shape. */
  readonly sockets?: number
  /** Shape of a socket, where it is to change. */
  readonly shape?: Partial<Omit<CpuTopology, 'sockets'>>
  /** Whether all vCPUs but those that move with vCPU 0 are marked hot-pluggable. */
  readonly removable: boolean
  /** Whether those that come in addition are marked, whatever becomes of the others. Default: as `removable`. */
  readonly addedRemovable?: boolean
}

function isSameShape(a: CpuTopology, b: CpuTopology): boolean {
  return a.dies === b.dies && a.clusters === b.clusters && a.cores === b.cores && a.threads === b.threads
}

/** Ids present at the next boot: the stored ones where they fit, else the lowest. */
function presentIds(stored: DefinitionFacts, count: number, maximum: number): Set<number> {
  const ids = stored.vcpus.filter((vcpu) => vcpu.enabled).map((vcpu) => vcpu.id)
  const fits = ids.length === count && ids.every((id) => id < maximum)
  return new Set(fits ? ids : Array.from({ length: count }, (_, id) => id))
}

/**
 * The stored definition with the wish carried out. What libvirt demands (12.8.0) holds in it: the topology's
 * product is the maximum, vCPU 0 is present and fixed, an absent vCPU is hot-pluggable, and no fixed vCPU
 * follows a hot-pluggable one that is present.
 * @param arch libvirt's architecture name; it decides what moves together
 */
export function changedDefinition(
  stored: DefinitionFacts,
  arch: string,
  wish: DefinitionWish,
): DefinitionFacts {
  const topology: CpuTopology = { ...stored.topology, ...wish.shape, sockets: wish.socketsMax }
  const perSocket = vcpusPerSocket(topology)
  const maximum = wish.socketsMax * perSocket
  const storedCount = presentVcpus(stored)
  const sameShape = isSameShape(topology, stored.topology)
  const keptCount = sameShape ? storedCount : Math.ceil(storedCount / perSocket) * perSocket
  const count = wish.sockets === undefined ? keptCount : wish.sockets * perSocket
  const present = presentIds(stored, Math.min(count, maximum), maximum)
  const unitSize = hotplugUnitSize(arch, topology)
  let afterRemovable = false
  const vcpus = Array.from({ length: maximum }, (_, id): VcpuFacts => {
    const { pinning, ...known } = stored.vcpus[id] ?? { enabled: false, hotpluggable: true }
    const enabled = present.has(id)
    const movesWithFirst = unitOf(id, unitSize) === 0
    const isAdded = enabled && !known.enabled
    const marked =
      wish.removable || afterRemovable || (isAdded ? wish.addedRemovable === true : known.hotpluggable)
    const hotpluggable = !movesWithFirst && (!enabled || marked)
    if (enabled && hotpluggable) afterRemovable = true
    return { id, enabled, hotpluggable, ...(pinning !== undefined && { pinning }) }
  })
  return {
    topology,
    topologyDeclared: stored.topologyDeclared || !sameShape,
    maximum,
    vcpus,
  }
}
