import { type DomainDefinition, vcpuCount } from '../definition/domain-definition.ts'
import { invalid, unsupportedConfiguration, unsupportedOperation } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'

/** Units to change for a count request. */
interface UnitSelection {
  readonly enable: boolean
  /** Lowest id of each unit, in the order in which libvirt works: up when plugging, down when unplugging. */
  readonly units: readonly number[]
}

const GRANULARITY = 'target vm vcpu granularity does not allow the desired vcpu count'
const NOT_FOUND = 'failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count'

/** Whether QEMU can plug vCPUs into this machine at all: no arm machine type can (QEMU 11.1.3). */
function supportsVcpuHotplug(definition: DomainDefinition): boolean {
  return definition.arch !== 'aarch64' && definition.arch !== 'armv7l'
}

/**
 * Which units libvirt takes to reach `count` (qemuDomainSelectHotplugVcpuEntities): the lowest absent ones when plugging,
 * the highest removable ones when unplugging. Throws LibvirtFault 67.
 */
export function selectUnits(machine: Machine, count: number): UnitSelection {
  const { definition, unitSize } = machine
  const maximum = definition.vcpus.length
  const hotplug = supportsVcpuHotplug(definition)
  let current = vcpuCount(definition)
  const enable = count > current
  const units: number[] = []
  const lastUnit = maximum - 1 - ((maximum - 1) % unitSize)
  const step = enable ? unitSize : -unitSize
  for (
    let unit = enable ? 0 : lastUnit;
    hotplug && unit >= 0 && unit < maximum && (enable ? current < count : current > count);
    unit += step
  ) {
    const online = definition.vcpus[unit]?.online === true
    if (online === enable || (!enable && machine.pluggable[unit] !== 1)) continue
    current += enable ? unitSize : -unitSize
    if (enable ? current > count : current < count) throw unsupportedConfiguration(GRANULARITY)
    units.push(unit)
  }
  if (current !== count) throw unsupportedConfiguration(NOT_FOUND)
  return { enable, units }
}

/**
 * The one unit that a request for chosen vCPUs names (qemuDomainFilterHotplugVcpuEntities).
 * Throws LibvirtFault 8 or 84.
 */
export function selectChosen(machine: Machine, ids: readonly number[], enable: boolean): number {
  const { definition } = machine
  if (!supportsVcpuHotplug(definition)) {
    throw unsupportedOperation('this qemu version does not support specific vCPU hotplug')
  }
  for (const id of ids) {
    if (definition.vcpus[id]?.online === enable) throw invalid(`vcpu '${id}' is already in requested state`)
  }
  const chosen = new Set(ids)
  const units: number[] = []
  for (const id of ids) {
    if (!chosen.has(id)) continue
    const unit = machine.unitOf(id)
    if (unit !== id) {
      throw invalid(`vcpu '${id}' belongs to a larger hotpluggable entity, but siblings were not selected`)
    }
    const members = machine.vcpusOf(unit)
    const missing = members.find((member) => !chosen.has(member))
    if (missing !== undefined) {
      throw invalid(
        `vcpu '${missing}' was not selected but it belongs to hotpluggable entity '${unit}-${unit + machine.unitSize - 1}' which was partially selected`,
      )
    }
    for (const member of members) chosen.delete(member)
    units.push(unit)
  }
  const [unit] = units
  if (unit === undefined || units.length !== 1) {
    throw unsupportedOperation('only one hotpluggable entity can be selected')
  }
  return unit
}
