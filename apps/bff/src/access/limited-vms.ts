import type { AccessLimit, VmSummary } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import { fitsPattern } from './name-pattern.ts'

/** Whether something on this host with this name is within the limit. */
export function isWithin(limit: AccessLimit, host: string, name: string): boolean {
  return (
    (limit.hosts === undefined || limit.hosts.includes(host)) &&
    (limit.vmNames === undefined || fitsPattern(limit.vmNames, name))
  )
}

/** What is not within the limit is answered as what is not there. */
export function noSuchVm(uuid: string): Failure {
  return new Failure('not-found', `There is no VM ${uuid}.`)
}

/** The VMs within a limit. A VM that is renamed or moves out of it is gone, one that comes in appears. */
export function limitedVms(vms: VmDirectory, limit: AccessLimit): VmDirectory {
  const shows = (vm: Pick<VmSummary, 'host' | 'name'>): boolean => isWithin(limit, vm.host, vm.name)
  const summary = (uuid: string): VmSummary | undefined => {
    const found = vms.summary(uuid)
    return found && shows(found) ? found : undefined
  }
  const checked = <T>(uuid: string, work: () => Promise<T>): Promise<T> =>
    summary(uuid) ? work() : Promise.reject(noSuchVm(uuid))

  return {
    get rev() {
      return vms.rev
    },
    list: () => vms.list().filter(shows),
    get: (uuid) => (summary(uuid) ? vms.get(uuid) : undefined),
    summary,
    topology: (uuid) => checked(uuid, () => vms.topology(uuid)),
    power: (uuid, action, actor) => checked(uuid, () => vms.power(uuid, action, actor)),
    setDescription: (uuid, description, actor) =>
      checked(uuid, () => vms.setDescription(uuid, description, actor)),
    setGuestOs: (uuid, row, actor) => checked(uuid, () => vms.setGuestOs(uuid, row, actor)),
    // Listeners read again what they are told of, and find nothing where there is nothing for them.
    onChange: (listener) => vms.onChange(listener),
  }
}
