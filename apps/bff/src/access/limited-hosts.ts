import type { AccessLimit, Host } from '@coreshift/shared/contract'
import type { HostDirectory } from '../hosts/host-directory.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'

/**
 * The hosts that the limit names, or else those on which a VM within it is. How many VMs they have is told of the ones
 * within the limit.
 */
export function limitedHosts(
  hosts: HostDirectory,
  vms: Pick<VmDirectory, 'list'>,
  limit: AccessLimit,
): HostDirectory {
  const shown = (host: Host): Host | undefined => {
    const within = vms.list().filter((vm) => vm.host === host.id).length
    const shows = limit.hosts === undefined ? within > 0 : limit.hosts.includes(host.id)
    return shows ? { ...host, ...(host.vms === undefined ? {} : { vms: within }) } : undefined
  }
  return {
    list: () => hosts.list().flatMap((host) => shown(host) ?? []),
    get: (id) => {
      const host = hosts.get(id)
      return host && shown(host)
    },
    add: (input, actor) => hosts.add(input, actor),
    changeCredentials: (id, credentials, actor) => hosts.changeCredentials(id, credentials, actor),
    test: (input) => hosts.test(input),
    remove: (id, actor) => hosts.remove(id, actor),
    onChange: (listener) => hosts.onChange(listener),
  }
}
