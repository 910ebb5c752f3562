import type { FleetHost } from '@coreshift/demo-host'
import { isOpen } from '@coreshift/shared'
import type { World } from './world.ts'

/** A VM, and the host that has it now. */
export interface FoundVm {
  readonly host: FleetHost
  readonly uuid: string
  readonly name: string
}

/** Where the n-th VM of all is now; the same VM for the same number while none comes or goes. */
export function vmAt(world: World, number: number): FoundVm | undefined {
  const all = world.hosts.flatMap((host) =>
    [...host.host.domains.values()].map((domain) => ({ host, domain })),
  )
  // Where it runs comes first; what a migration left behind is no VM of its own.
  const uuids = [...new Set(all.map(({ domain }) => domain.uuid))].sort()
  const uuid = uuids[number % Math.max(1, uuids.length)]
  const found =
    all.find(({ domain }) => domain.uuid === uuid && domain.machine !== null) ??
    all.find(({ domain }) => domain.uuid === uuid)
  return found && { host: found.host, uuid: found.domain.uuid, name: found.domain.name }
}

/** A running VM with an open operation, which is where others do most harm. */
export function vmBeingResized(world: World): FoundVm | undefined {
  const uuid = world.stored.records.findLast((record) => isOpen(record.state))?.vm
  if (uuid === undefined) return undefined
  for (const host of world.hosts) {
    const domain = host.host.domains.get(uuid)
    if (domain && domain.machine !== null) return { host, uuid, name: domain.name }
  }
  return undefined
}
