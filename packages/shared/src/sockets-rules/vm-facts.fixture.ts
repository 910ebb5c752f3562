import { defaultTopology, hotplugUnitSize, type CpuTopology } from '../cpu-topology.ts'
import type { DefinitionFacts, VmFacts } from './vm-facts.ts'

/** Facts for tests: what is named differs from a quiet x86 VM, all else is as usual. */
export interface DefinitionOutline {
  readonly maximum: number
  /** Present vCPUs: a count (the lowest ids) or ids. */
  readonly present: number | readonly number[]
  /** Present vCPUs that are not hot-pluggable: a count (the lowest ids) or ids. Default: vCPU 0. */
  readonly fixed?: number | readonly number[]
  readonly pinned?: readonly number[]
  readonly topology?: Partial<CpuTopology>
}

function idsOf(outline: number | readonly number[]): Set<number> {
  return new Set(typeof outline === 'number' ? Array.from({ length: outline }, (_, id) => id) : outline)
}

export function definition(outline: DefinitionOutline): DefinitionFacts {
  const present = idsOf(outline.present)
  const fixed = idsOf(outline.fixed ?? 1)
  const shape = { ...defaultTopology(1), ...outline.topology }
  const perSocket = shape.dies * shape.clusters * shape.cores * shape.threads
  return {
    topology: { ...shape, sockets: outline.topology?.sockets ?? Math.floor(outline.maximum / perSocket) },
    topologyDeclared: outline.topology !== undefined,
    maximum: outline.maximum,
    vcpus: Array.from({ length: outline.maximum }, (_, id) => ({
      id,
      enabled: present.has(id),
      hotpluggable: !fixed.has(id),
      ...(outline.pinned?.includes(id) && { pinning: '0' }),
    })),
  }
}

/** A running VM with 2 of 8 vCPUs that is allowed everything, changed by `changes`. */
export function vmFacts(changes: Partial<VmFacts> = {}): VmFacts {
  const usual = definition({ maximum: 8, present: 2 })
  const arch = changes.arch ?? 'x86_64'
  return {
    uuid: '27fe1c41-4d1a-4ab0-a08e-fd318a488aab',
    name: 'db-01',
    rev: 7,
    status: 'up',
    arch,
    machine: arch === 'ppc64le' ? 'pseries-9.2' : 'pc-q35-9.2',
    live: usual,
    config: changes.live ?? usual,
    unitSize: hotplugUnitSize(arch, (changes.live ?? changes.config ?? usual).topology),
    guest: { name: 'RHEL 9.4', plug: '+', unplug: '+' },
    host: { name: 'lab', online: true, cpus: 64 },
    settings: { pinnedRemovalAllowed: false, hostCpuLimit: 'warn' },
    ...changes,
  }
}

/** A VM that is down: only the stored definition is left. */
export function downFacts(config: DefinitionFacts, changes: Partial<VmFacts> = {}): VmFacts {
  const { live: _none, ...rest } = vmFacts({ config, unitSize: 1, ...changes })
  return { ...rest, status: 'down' }
}
