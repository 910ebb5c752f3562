import { ACKNOWLEDGEABLE_CODES } from '@coreshift/shared'
import type { Actor } from '@coreshift/shared/contract'
import { POLICIES } from './policies.ts'
import type { Deed } from './schedule.ts'
import { strikeFault } from './strike-fault.ts'
import { vmAt } from './vm-at.ts'
import type { World } from './world.ts'

const PEOPLE: readonly Actor[] = [
  { kind: 'user', name: 'ann', address: '192.0.2.1' },
  { kind: 'user', name: 'bob', address: '192.0.2.2' },
]

/** Does one thing of the schedule. What it has no object for is not done. */
export function perform(world: World, deed: Deed): void {
  world.history.add(JSON.stringify(deed))
  switch (deed.do) {
    case 'resize':
    case 'remove':
      return ask(world, deed)
    case 'retry':
    case 'abandon':
      return press(world, deed)
    case 'power': {
      const vm = vmAt(world, deed.vm)
      if (!vm || !world.server?.vms.get(vm.uuid)) return
      return world.heard(deed.action, world.server.vms.power(vm.uuid, deed.action, actor(deed.vm)))
    }
    case 'behave': {
      const vm = vmAt(world, deed.vm)
      const domain = vm?.host.host.domains.get(vm.uuid)
      if (domain) domain.guest.behaviour = deed.behaviour
      return
    }
    case 'crash':
      world.downMs = deed.downMs
      return world.crash.arm(deed.point, deed.nth)
    case 'fault':
      return strikeFault(world, deed)
  }
}

function actor(number: number): Actor {
  return PEOPLE[number % PEOPLE.length] ?? { kind: 'user', name: 'ann' }
}

function ask(world: World, deed: Extract<Deed, { do: 'resize' | 'remove' }>): void {
  const vm = vmAt(world, deed.vm)
  const { server } = world
  const shown = vm && server?.vms.get(vm.uuid)
  if (!server || !shown) return
  const open = server.desk.listOpen().find((operation) => operation.vm === shown.uuid)
  const more = {
    policy: POLICIES[deed.policy],
    acknowledge: [...ACKNOWLEDGEABLE_CODES],
    ...(deed.replaces && open && { replaces: open.id }),
  }
  if (deed.do === 'resize') {
    const sockets = 1 + Math.floor(deed.share * shown.socketsMax)
    const promise = server.desk.request(shown.uuid, { sockets, mode: deed.mode, ...more }, actor(deed.vm))
    if (deed.revoked) world.strike('session-revoked')
    return world.heard(`resize to ${sockets}`, promise)
  }
  const removeVcpus = chosen(shown.vcpus, shown.vcpusPerUnit, deed.units, deed.share)
  if (removeVcpus.length === 0) return
  world.heard(
    `remove ${removeVcpus.join(',')}`,
    server.desk.request(shown.uuid, { removeVcpus, mode: 'live', ...more }, actor(deed.vm)),
  )
}

/** Whole units among the present vCPUs that are not the first. */
function chosen(
  vcpus: readonly { readonly id: number; readonly state: string }[],
  unitSize: number,
  units: number,
  share: number,
): number[] {
  const present = vcpus.filter(({ state }) => state !== 'absent' && state !== 'removed').map(({ id }) => id)
  const lowest = [...new Set(present.map((id) => id - (id % unitSize)))].filter((unit) => unit > 0)
  const first = Math.floor(share * lowest.length)
  const picked = new Set(lowest.slice(first, first + units))
  return present.filter((id) => picked.has(id - (id % unitSize)))
}

function press(world: World, deed: Extract<Deed, { do: 'retry' | 'abandon' }>): void {
  const { server } = world
  const open = server?.desk.listOpen() ?? []
  // Whoever looks at an old page presses the buttons of a resize that has ended.
  const operation = open[deed.vm % Math.max(1, open.length)] ?? world.stored.records.at(-1)
  if (!server || !operation) return
  const by = actor(deed.vm + 1)
  world.heard(
    deed.do,
    deed.do === 'retry' ? server.desk.retry(operation.id, by) : server.desk.abandon(operation.id, by),
  )
}
