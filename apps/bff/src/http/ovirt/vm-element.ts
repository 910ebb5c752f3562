import type { Vm } from '@coreshift/shared/contract'
import type { OvirtElement } from './element.ts'
import { ovirtStatus } from './ovirt-status.ts'

export const OVIRT_BASE = '/ovirt-engine/api'

/** Cores in a socket as oVirt counts them: it knows neither dies nor clusters. */
export function coresOf({ topology }: Pick<Vm, 'topology'>): number {
  return topology.dies * topology.clusters * topology.cores
}

/**
 * A VM in oVirt 4's words.
 * @param changesAtNextBoot whether the stored definition differs from what runs
 */
export function vmElement(vm: Vm, changesAtNextBoot: boolean): OvirtElement {
  return {
    '@href': `${OVIRT_BASE}/vms/${vm.uuid}`,
    '@id': vm.uuid,
    name: vm.name,
    description: vm.description ?? '',
    cpu: {
      architecture: vm.arch,
      topology: {
        cores: String(coresOf(vm)),
        // A count that is no whole number of sockets is shown as what is there in full.
        sockets: String(Math.max(1, Math.floor(vm.sockets))),
        threads: String(vm.topology.threads),
      },
    },
    host: { '@id': vm.host },
    next_run_configuration_exists: String(changesAtNextBoot),
    status: ovirtStatus(vm),
  }
}
