import type { DomainDefinition } from '../src/inventory/domain-definition.ts'
import type { DomainSnapshot } from '../src/inventory/domain-snapshot.ts'

export const VM_UUID = '7e4f0c9a-0d55-4f0c-9b3c-2c7d1e5a0001'

interface Shape {
  readonly enabled: readonly number[]
  readonly maximum?: number
  /** vCPUs from this id on can be removed while the VM runs. */
  readonly fixed?: number
  readonly threads?: number
  readonly arch?: string
}

export function definition({
  enabled,
  maximum = 8,
  fixed = 2,
  threads = 1,
  arch = 'x86_64',
}: Shape): DomainDefinition {
  const present = new Set(enabled)
  return {
    uuid: VM_UUID,
    name: 'db-01',
    domainType: 'kvm',
    arch,
    machine: 'pc-q35-9.0',
    vcpuMax: maximum,
    vcpus: Array.from({ length: maximum }, (_, id) => ({
      id,
      enabled: present.has(id),
      hotpluggable: id >= fixed,
    })),
    topology: { sockets: maximum / threads, dies: 1, clusters: 1, cores: 1, threads },
    topologyDeclared: true,
    pinning: new Map(),
    cells: new Map(),
    agent: 'none',
  }
}

/** A read of a running VM with a stored definition. */
export function running(enabled: readonly number[], change: Partial<DomainSnapshot> = {}): DomainSnapshot {
  return {
    uuid: VM_UUID,
    hostId: 'lab',
    readAt: 1000,
    domainId: 7,
    status: 'up',
    migratedAway: false,
    persistent: true,
    live: definition({ enabled }),
    config: definition({ enabled: [0, 1] }),
    hostCpus: new Map(),
    ...change,
  }
}

/** A read of a VM that is shut off. */
export function stopped(stored: readonly number[] = [0, 1]): DomainSnapshot {
  return {
    uuid: VM_UUID,
    hostId: 'lab',
    readAt: 1000,
    domainId: -1,
    status: 'down',
    migratedAway: false,
    persistent: true,
    config: definition({ enabled: stored }),
    hostCpus: new Map(),
  }
}
