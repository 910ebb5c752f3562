import type { FleetHost } from '@coreshift/demo-host'
import { LifecycleEvent, StartedDetail } from '@coreshift/libvirt'
import { isOpen } from '@coreshift/shared'
import { ACKNOWLEDGEABLE_CODES } from '@coreshift/shared'
import type { Actor } from '@coreshift/shared/contract'
import { packetRules } from './faults.ts'
import { POLICIES } from './policies.ts'
import type { Deed, FaultDeed } from './schedule.ts'
import type { World } from './world.ts'

const PEOPLE: readonly Actor[] = [
  { kind: 'user', name: 'ann', address: '192.0.2.1' },
  { kind: 'user', name: 'bob', address: '192.0.2.2' },
]

/** Where the n-th VM of all is now; the same VM for the same number while none comes or goes. */
function vmAt(world: World, number: number): { host: FleetHost; uuid: string; name: string } | undefined {
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
      return strike(world, deed)
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

function strike(world: World, deed: Extract<Deed, { do: 'fault' }>): void {
  const { fault, share } = deed
  const vm = vmAt(world, deed.vm)
  const host = vm?.host ?? world.hosts[deed.host % world.hosts.length]
  if (!host) return
  const rules = packetRules(fault, share)
  if (rules) return world.addRules(host, fault, rules)
  if (strikeServer(world, fault, share) || strikeHost(world, fault, host, share)) return
  if (vm) strikeVm(world, fault, vm, share)
}

function strikeServer(world: World, fault: FaultDeed, share: number): boolean {
  const { time, mood } = world
  const ms = 300 + Math.round(share * 8_000)
  switch (fault) {
    case 'replica-pause':
      if (!world.process?.alive) return true
      world.strike(fault)
      world.process.pause(ms)
      return true
    case 'disk-full':
      mood.full = true
      time.setTimer(ms, () => (mood.full = false))
      return true
    case 'database-busy':
      mood.busyMs = Math.round(50 + share * 2_000)
      time.setTimer(ms, () => (mood.busyMs = 0))
      return true
    case 'clock-jump':
      if (!world.process?.alive) return true
      world.strike(fault)
      world.skewMs += Math.round((share - 0.5) * 7_200_000)
      world.downMs = 300
      world.kill()
      return true
    default:
      return false
  }
}

function strikeHost(world: World, fault: FaultDeed, host: FleetHost, share: number): boolean {
  const { time, demo } = world
  const ms = 300 + Math.round(share * 8_000)
  const wire = world.wires.get(host)
  switch (fault) {
    case 'cut-before-acceptance':
      wire?.cutBeforeRequest()
      return true
    case 'half-open':
      if (!wire?.open) return true
      world.strike(fault)
      wire.turnHalfOpen()
      return true
    case 'libvirt-refuses':
      world.requests?.refuseNext(host, 1 + Math.floor(share * 8))
      return true
    case 'daemon-restart':
    case 'host-reboot':
      if (!host.daemon.up) return true
      world.strike(fault)
      void demo.control.stopDaemon(host.name)
      time.setTimer(ms, () => void demo.control.startDaemon(host.name))
      if (fault === 'host-reboot') rebootHost(world, host, ms)
      return true
    default:
      return false
  }
}

/** All machines are gone, and some come back by themselves when the host does. */
function rebootHost(world: World, host: FleetHost, ms: number): void {
  const running = [...host.host.domains.values()].filter((domain) => domain.machine !== null)
  for (const domain of running) world.demo.control.act(host.name, domain.name, 'kill-qemu')
  world.time.setTimer(ms + 200, () => {
    for (const domain of running.slice(1)) void world.outsider(host).start(domain.uuid)
  })
}

function strikeVm(
  world: World,
  fault: FaultDeed,
  vm: { readonly host: FleetHost; readonly uuid: string; readonly name: string },
  share: number,
): void {
  const { demo } = world
  const outsider = world.outsider(vm.host)
  const domain = vm.host.host.domains.get(vm.uuid)
  if (!domain) return
  const running = domain.machine !== null
  switch (fault) {
    case 'event-foreign':
      return foreignEvent(world, vm, share)
    case 'guest-crash':
      if (running) demo.control.act(vm.host.name, vm.name, share < 0.5 ? 'crash' : 'power-off')
      return
    case 'guest-reboot':
      if (running) demo.control.act(vm.host.name, vm.name, 'reboot')
      return
    case 'agent-hangs':
      world.strike(fault)
      return demo.control.setGuest(vm.host.name, vm.name, { agent: 'hanging' })
    case 'destroy':
      if (!running) return
      world.strike(fault)
      void outsider.destroy(vm.uuid)
      if (share < 0.6) world.time.setTimer(500 + share * 5_000, () => void outsider.start(vm.uuid))
      return
    case 'undefine':
      world.strike(fault)
      void outsider.undefine(vm.uuid)
      return
    case 'rename':
      world.strike(fault)
      void (running ? outsider.destroy(vm.uuid) : Promise.resolve()).then(() =>
        outsider.rename(vm.uuid, `${vm.name}-renamed`),
      )
      return
    case 'xml-changed':
      world.strike(fault)
      if (share < 0.5) void outsider.describe(vm.uuid, `changed ${share}`)
      else void outsider.setCount(vm.uuid, 1 + Math.floor(share * domain.definition.vcpus.length), 'config')
      return
    case 'outside-swap': {
      const { vcpus } = domain.definition
      const there = vcpus.findLastIndex((slot, id) => id > 0 && slot.online)
      const missing = vcpus.findIndex((slot) => !slot.online)
      if (!running || there < 0 || missing < 0) return
      world.strike(fault)
      void outsider.setVcpus(vm.uuid, unitWith(domain, missing), true)
      void outsider.setVcpus(vm.uuid, unitWith(domain, there), false)
      return
    }
    case 'outside-resize':
      if (!running) return
      world.strike(fault)
      void outsider.setCount(vm.uuid, 1 + Math.floor(share * domain.definition.vcpus.length), 'live')
      return
    case 'migration-away':
    case 'migration-unmanaged': {
      const to =
        fault === 'migration-away'
          ? world.managed.find((host) => host !== vm.host)
          : world.hosts[world.schedule.managed]
      if (!running || !to || to === vm.host) return
      world.strike(fault)
      void outsider.migrate(vm.uuid, to)
      return
    }
    default:
  }
}

/** Ids of the unit that carries a vCPU, as long as the machine runs. */
function unitWith(
  { machine }: { readonly machine: { unitOf(id: number): number; vcpusOf(unit: number): number[] } | null },
  id: number,
): number[] {
  return machine === null ? [id] : machine.vcpusOf(machine.unitOf(id))
}

/** News of nobody's doing: a stale removal, a refusal of something never asked, a VM that does not exist. */
function foreignEvent(
  world: World,
  vm: { readonly host: FleetHost; readonly uuid: string; readonly name: string },
  share: number,
): void {
  world.strike('event-foreign')
  const stranger = { uuid: '00000000-0000-4000-8000-00000000dead', name: 'stranger', id: 77 }
  const id = Math.floor(share * 8)
  const domain = share < 0.2 ? stranger : { uuid: vm.uuid, name: vm.name, id: 1 }
  const { host } = vm.host
  if (share < 0.6) host.emit({ kind: 'vcpu-removed', domain, vcpuId: id })
  else if (share < 0.8)
    host.emit({ kind: 'device-removal-failed', domain, deviceAlias: `vcpu${id}`, told: true })
  else if (share < 0.9) host.emit({ kind: 'device-removal-failed', domain, deviceAlias: 'net0', told: true })
  else host.emit({ kind: 'lifecycle', domain, event: LifecycleEvent.STARTED, detail: StartedDetail.BOOTED })
}

export function openOperations(world: World) {
  return world.stored.records.filter((record) => isOpen(record.state))
}
