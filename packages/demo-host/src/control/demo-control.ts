import { FAULT_KINDS, type FaultRule } from '../faults/fault-script.ts'
import type { FleetServer } from '../fleet/demo-fleet.ts'
import { AGENT_MODES, GUEST_BEHAVIOURS, type GuestProfile } from '../guest/guest-profile.ts'
import type { Domain } from '../hypervisor/domain.ts'
import {
  connectAgent,
  crashGuest,
  disconnectAgent,
  killMachine,
  powerOff,
  resetGuest,
} from '../hypervisor/guest-power.ts'
import { letGo, refuse } from '../hypervisor/unit-removal.ts'

/** What a guest can be made to do at once. */
export const GUEST_ACTIONS = ['crash', 'reboot', 'power-off', 'kill-qemu'] as const
export type GuestAction = (typeof GUEST_ACTIONS)[number]

/** What the control door says about one VM. */
export interface VmReport {
  readonly name: string
  readonly uuid: string
  readonly running: boolean
  readonly behaviour: string
  readonly agent: string
  /** vCPUs that libvirt counts, that QEMU has, and that the guest uses. */
  readonly counted: readonly number[]
  readonly inQemu: readonly number[]
  readonly guestOnline: readonly number[]
  /** Lowest ids of units that were asked to go and are still there. */
  readonly asked: readonly number[]
  /** Units whose completion is held back. */
  readonly owed: readonly number[]
}

/**
 * The door behind the scenes: makes guests and daemons of a fleet misbehave. For tests and for the demo page only.
 * Every method throws an Error that names what does not exist.
 */
export class DemoControl {
  readonly #servers: ReadonlyMap<string, FleetServer>

  constructor(servers: ReadonlyMap<string, FleetServer>) {
    this.#servers = servers
  }

  /** Names of hosts. */
  get hosts(): string[] {
    return [...this.#servers.keys()]
  }

  vms(host: string): VmReport[] {
    return [...this.#server(host).host.domains.values()].map(reportOf)
  }

  vm(host: string, vm: string): VmReport {
    return reportOf(this.#domain(host, vm))
  }

  /** Changes how a guest behaves, from the next request on; also its load, its agent, its times. */
  setGuest(host: string, vm: string, change: Partial<GuestProfile>): void {
    const server = this.#server(host)
    const domain = this.#domain(host, vm)
    oneOf('behaviour', change.behaviour, GUEST_BEHAVIOURS)
    oneOf('agent', change.agent, AGENT_MODES)
    Object.assign(domain.guest, change)
    if (change.agent === undefined || domain.machine === null) return
    if (change.agent === 'absent') disconnectAgent(server.host, domain, domain.machine)
    else connectAgent(server.host, domain, domain.machine)
  }

  /** Makes something happen in a guest now. */
  act(host: string, vm: string, action: GuestAction): void {
    const server = this.#server(host)
    const domain = this.#domain(host, vm)
    if (domain.machine === null) throw new Error(`${vm} on ${host} does not run`)
    oneOf('action', action, GUEST_ACTIONS)
    switch (action) {
      case 'crash':
        return crashGuest(server.host, domain)
      case 'reboot':
        return resetGuest(server.host, domain)
      case 'power-off':
        return powerOff(server.host, domain)
      case 'kill-qemu':
        return killMachine(server.host, domain)
    }
  }

  /** Ends a removal that the guest has not answered: it lets the unit of this vCPU go, or refuses. */
  answer(host: string, vm: string, vcpu: number, how: 'let-go' | 'refuse'): void {
    const server = this.#server(host)
    const domain = this.#domain(host, vm)
    const { machine } = domain
    if (machine === null) throw new Error(`${vm} on ${host} does not run`)
    const unit = machine.unitOf(vcpu)
    if (!machine.asked.has(unit)) throw new Error(`vCPU ${vcpu} of ${vm} on ${host} was not asked to go`)
    machine.answers.get(unit)?.cancel()
    machine.answers.delete(unit)
    if (how === 'let-go') letGo(server.host, domain, machine, unit)
    else refuse(server.host, domain, machine, unit)
  }

  /** Spoils packets of a host's daemon. Returns how to take the rule back. */
  addFault(host: string, rule: FaultRule): () => void {
    oneOf('fault', rule.fault.kind, FAULT_KINDS)
    return this.#server(host).daemon.faults.add(rule)
  }

  clearFaults(host: string): void {
    this.#server(host).daemon.faults.clear()
  }

  /** Nothing goes out to any client for a while. */
  stall(host: string, ms: number): void {
    for (const session of this.#server(host).daemon.sessions) session.stall(ms)
  }

  /** All connections end at once; the daemon takes new ones. */
  cut(host: string): void {
    for (const session of this.#server(host).daemon.sessions) session.destroy()
  }

  stopDaemon(host: string): Promise<void> {
    return this.#server(host).stopDaemon()
  }

  startDaemon(host: string): Promise<void> {
    return this.#server(host).startDaemon()
  }

  #server(host: string): FleetServer {
    const server = this.#servers.get(host)
    if (server === undefined) throw new Error(`there is no host ${host}; there are ${this.hosts.join(', ')}`)
    return server
  }

  #domain(host: string, vm: string): Domain {
    const { host: model } = this.#server(host)
    const domain = model.findByName(vm) ?? model.domains.get(vm)
    if (domain === undefined) throw new Error(`there is no VM ${vm} on ${host}`)
    return domain
  }
}

/** Other processes come through the door with any text. */
function oneOf(what: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) {
    throw new Error(`${what} ${JSON.stringify(value)} is not known; there are ${known.join(', ')}`)
  }
}

function reportOf(domain: Domain): VmReport {
  const { machine } = domain
  const ids = (flags: Uint8Array | undefined): number[] =>
    flags === undefined ? [] : [...flags.keys()].filter((id) => flags[id] === 1)
  return {
    name: domain.name,
    uuid: domain.uuid,
    running: machine !== null,
    behaviour: domain.guest.behaviour,
    agent: domain.guest.agent,
    counted: [...domain.definition.vcpus.keys()].filter((id) => domain.definition.vcpus[id]?.online === true),
    inQemu: ids(machine?.qemuHas),
    guestOnline: ids(machine?.guestOnline),
    asked: [...(machine?.asked ?? [])],
    owed: [...(machine?.owed ?? [])],
  }
}
