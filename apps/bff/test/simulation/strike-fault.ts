import type { FleetHost } from '@coreshift/demo-host'
import { LifecycleEvent, StartedDetail } from '@coreshift/libvirt'
import { packetRules } from './faults.ts'
import type { Deed, FaultDeed } from './schedule.ts'
import { vmAt, vmBeingResized, type FoundVm } from './vm-at.ts'
import type { World } from './world.ts'

/** Lets one fault happen. What it has no object for does not happen. */
export function strikeFault(world: World, deed: Extract<Deed, { do: 'fault' }>): void {
  const { fault, share } = deed
  const vm = fault === 'outside-swap' ? (vmBeingResized(world) ?? vmAt(world, deed.vm)) : vmAt(world, deed.vm)
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
      world.oracles.requests.refuseNext(host, 1 + Math.floor(share * share * 30))
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

function strikeVm(world: World, fault: FaultDeed, vm: FoundVm, share: number): void {
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
      const leaves = fault === 'migration-unmanaged' || share > 0.8
      const to = leaves ? world.hosts[world.schedule.managed] : world.managed.find((host) => host !== vm.host)
      if (!running || !to || to === vm.host) return
      world.strike(leaves ? 'migration-unmanaged' : 'migration-away')
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
function foreignEvent(world: World, vm: FoundVm, share: number): void {
  world.strike('event-foreign')
  const stranger = { uuid: '00000000-0000-4000-8000-00000000dead', name: 'stranger', id: 77 }
  const id = Math.floor(share * 8)
  const domain = share < 0.2 ? stranger : { uuid: vm.uuid, name: vm.name, id: 1 }
  const { host } = vm.host
  // QEMU's device is the unit, and libvirt names it by the lowest vCPU in it.
  const unit = host.domains.get(vm.uuid)?.machine?.unitOf(id) ?? id
  if (share < 0.6) host.emit({ kind: 'vcpu-removed', domain, vcpuId: id })
  else if (share < 0.8)
    host.emit({ kind: 'device-removal-failed', domain, deviceAlias: `vcpu${unit}`, told: true })
  else if (share < 0.9) host.emit({ kind: 'device-removal-failed', domain, deviceAlias: 'net0', told: true })
  else host.emit({ kind: 'lifecycle', domain, event: LifecycleEvent.STARTED, detail: StartedDetail.BOOTED })
}
