import { hotplugUnitSize, isOpen, type DefinitionFacts, type VmFacts } from '@coreshift/shared'
import type { GuestOs, Operation, Settings } from '@coreshift/shared/contract'
import type { DomainDefinition } from './domain-definition.ts'
import { definitionOf, type DomainSnapshot } from './domain-snapshot.ts'

export interface FactsContext {
  readonly operation?: Operation
  readonly guestOs: GuestOs
  readonly guestSocketsMax?: number
  readonly settings: Settings
  readonly host: {
    readonly id: string
    readonly name: string
    readonly online: boolean
    readonly cpus: number
  }
  /** vCPUs that the machine type accepts at most, where known. */
  readonly machineMaximum?: number
}

/** By the definition they were made from, which never changes: several thousand vCPUs are not copied at each look. */
const knownFacts = new WeakMap<DomainDefinition, DefinitionFacts>()

/** A definition as the sockets rules see it; the same object for the same definition. */
export function definitionFacts(definition: DomainDefinition): DefinitionFacts {
  const known = knownFacts.get(definition)
  if (known) return known
  const made = toFacts(definition)
  knownFacts.set(definition, made)
  return made
}

function toFacts(definition: DomainDefinition): DefinitionFacts {
  return {
    topology: definition.topology,
    topologyDeclared: definition.topologyDeclared,
    maximum: definition.vcpuMax,
    vcpus: definition.vcpus.map((vcpu) => {
      const pinning = definition.pinning.get(vcpu.id)
      return {
        id: vcpu.id,
        enabled: vcpu.enabled,
        hotpluggable: vcpu.hotpluggable,
        ...(pinning !== undefined && { pinning }),
      }
    }),
  }
}

function unplugDisabledBy(
  settings: Settings,
  hostId: string,
  vm: string,
): 'global' | 'host' | 'vm' | undefined {
  if (!settings.unplugEnabled) return 'global'
  if (settings.unplugDisabledHosts.includes(hostId)) return 'host'
  return settings.unplugDisabledVms.includes(vm) ? 'vm' : undefined
}

/** What the sockets rules look at, from one read of a domain. */
export function vmFacts(snapshot: DomainSnapshot, context: FactsContext, rev: number): VmFacts {
  const shown = definitionOf(snapshot)
  const { operation, settings, host } = context
  const disabledBy = unplugDisabledBy(settings, host.id, snapshot.uuid)
  return {
    uuid: snapshot.uuid,
    name: shown.name,
    rev,
    status: snapshot.status,
    arch: shown.arch,
    machine: shown.machine,
    ...(snapshot.live && { live: definitionFacts(snapshot.live) }),
    ...(snapshot.config && { config: definitionFacts(snapshot.config) }),
    unitSize: hotplugUnitSize(shown.arch, shown.topology),
    guest: {
      name: context.guestOs.name,
      plug: context.guestOs.plug,
      unplug: context.guestOs.unplug,
      ...(context.guestSocketsMax !== undefined && { socketsMax: context.guestSocketsMax }),
    },
    host: {
      name: host.name,
      online: host.online,
      cpus: host.cpus,
      ...(context.machineMaximum !== undefined && { machineMaximum: context.machineMaximum }),
    },
    ...(snapshot.job !== undefined && { job: snapshot.job }),
    ...(operation &&
      isOpen(operation.state) && {
        openResize: {
          id: operation.id,
          by: operation.requestedBy.name,
          since: operation.createdAt,
          what: `from ${operation.from.sockets} to ${operation.to.sockets} sockets`,
        },
      }),
    settings: {
      ...(disabledBy !== undefined && { unplugDisabledBy: disabledBy }),
      pinnedRemovalAllowed: settings.pinnedRemovalAllowed,
      hostCpuLimit: settings.hostCpuLimit,
    },
  }
}
