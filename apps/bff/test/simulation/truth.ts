import type { FleetHost } from '@coreshift/demo-host'

type Domain = FleetHost['host']['domains'] extends ReadonlyMap<string, infer D> ? D : never

/** What a host really has of one VM. */
export interface TrueVm {
  readonly uuid: string
  readonly host: string
  readonly name: string
  readonly running: boolean
  readonly persistent: boolean
  /** Ids that libvirt counts in the running machine, else in the stored definition. */
  readonly enabled: readonly number[]
  readonly storedCount: number | undefined
}

function enabledOf(domain: Domain): number[] {
  return domain.definition.vcpus.flatMap((slot, id) => (slot.online ? [id] : []))
}

function trueVm(host: string, domain: Domain): TrueVm {
  return {
    uuid: domain.uuid,
    host,
    name: domain.name,
    running: domain.machine !== null,
    persistent: domain.config !== null,
    enabled: enabledOf(domain),
    storedCount: domain.config?.vcpus.filter((slot) => slot.online).length,
  }
}

/** All VMs of the given hosts; one that two hosts know is where it runs. */
export function trueVms(hosts: readonly FleetHost[]): Map<string, TrueVm[]> {
  const vms = new Map<string, TrueVm[]>()
  for (const { name, host } of hosts) {
    for (const domain of host.domains.values()) {
      const vm = trueVm(name, domain)
      vms.set(vm.uuid, [...(vms.get(vm.uuid) ?? []), vm])
    }
  }
  for (const [uuid, known] of vms) {
    if (known.some((vm) => vm.running))
      vms.set(
        uuid,
        known.filter((vm) => vm.running),
      )
  }
  return vms
}
