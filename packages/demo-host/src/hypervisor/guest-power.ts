import {
  AgentReason,
  AgentState,
  DomainState,
  LifecycleEvent,
  PausedReason,
  ResumedDetail,
  RunningReason,
  ShutdownDetail,
  ShutoffReason,
  StartedDetail,
  StoppedDetail,
  SuspendedDetail,
} from '@coreshift/libvirt'
import { AGENT_CHANNEL, type DomainDefinition, hasAgentChannel } from '../definition/domain-definition.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { later } from './machine-timer.ts'
import { Machine } from './machine.ts'
import { finishPendingRemovals } from './unit-removal.ts'

/** The second reboot event of a reset comes this much later (the firmware's own, 12.8.0). */
const FIRMWARE_RESET_MS = 43
const PANICKED = 0

/** How a machine comes up. */
interface StartOptions {
  readonly paused?: boolean
  readonly reason?: number
  readonly detail?: number
}

/** Powers a machine on with the given definition. */
export function startMachine(
  host: DemoHost,
  domain: Domain,
  definition: DomainDefinition,
  options: StartOptions = {},
): Machine {
  const paused = options.paused ?? false
  const state = paused ? DomainState.PAUSED : DomainState.RUNNING
  const reason = paused ? PausedReason.USER : (options.reason ?? RunningReason.BOOTED)
  const machine = new Machine(host.takeId(), definition, host.clock.now(), state, reason)
  domain.machine = machine
  if (hasAgentChannel(definition))
    agentEvent(host, domain, AgentState.DISCONNECTED, AgentReason.DOMAIN_STARTED)
  const detail = options.detail ?? StartedDetail.BOOTED
  // Seen on 12.8.0: a plain start says resumed before started, a paused one started and then suspended.
  if (!paused) lifecycle(host, domain, LifecycleEvent.RESUMED, ResumedDetail.UNPAUSED)
  lifecycle(host, domain, LifecycleEvent.STARTED, detail)
  if (paused) lifecycle(host, domain, LifecycleEvent.SUSPENDED, SuspendedDetail.PAUSED)
  bootGuest(host, domain, machine)
  return machine
}

/** The guest boots; its agent connects when it is there. */
function bootGuest(host: DemoHost, domain: Domain, machine: Machine): void {
  later(host, machine, domain.guest.bootMs, () => connectAgent(host, domain, machine))
}

/** The agent's channel opens, where the guest has one. */
export function connectAgent(host: DemoHost, domain: Domain, machine: Machine): void {
  if (machine.agentConnected || domain.guest.agent === 'absent' || !hasAgentChannel(machine.definition))
    return
  machine.agentConnected = true
  agentEvent(host, domain, AgentState.CONNECTED, AgentReason.CHANNEL)
}

export function disconnectAgent(host: DemoHost, domain: Domain, machine: Machine): void {
  if (!machine.agentConnected) return
  machine.agentConnected = false
  agentEvent(host, domain, AgentState.DISCONNECTED, AgentReason.CHANNEL)
}

/** The machine is off. The stored definition, if any, is what remains. */
export function stopMachine(host: DemoHost, domain: Domain, shutoffReason: number, detail: number): void {
  const { machine } = domain
  if (machine === null) return
  const failed = detail === StoppedDetail.FAILED
  const lastRef = domain.ref
  machine.halt()
  domain.machine = null
  domain.shutoffReason = shutoffReason
  // Seen on 12.8.0: -1 in the stopped event, except when QEMU was killed.
  const ref = failed ? lastRef : { ...lastRef, id: -1 }
  host.emit({ kind: 'lifecycle', domain: ref, event: LifecycleEvent.STOPPED, detail })
  if (domain.config === null) host.removeDomain(domain)
}

/** Power off, decided by the guest. */
export function powerOff(host: DemoHost, domain: Domain): void {
  const { machine } = domain
  if (machine === null) return
  disconnectAgent(host, domain, machine)
  lifecycle(host, domain, LifecycleEvent.SHUTDOWN, ShutdownDetail.GUEST)
  stopMachine(host, domain, ShutoffReason.SHUTDOWN, StoppedDetail.SHUTDOWN)
}

/** Power off, decided by the host. */
export function destroyMachine(host: DemoHost, domain: Domain): void {
  lifecycle(host, domain, LifecycleEvent.SHUTDOWN, ShutdownDetail.HOST)
  stopMachine(host, domain, ShutoffReason.DESTROYED, StoppedDetail.DESTROYED)
}

/** The guest's kernel panics; `on_crash` is `destroy` in every definition here. */
export function crashGuest(host: DemoHost, domain: Domain): void {
  if (domain.machine === null) return
  lifecycle(host, domain, LifecycleEvent.CRASHED, PANICKED)
  stopMachine(host, domain, ShutoffReason.CRASHED, StoppedDetail.CRASHED)
}

/** QEMU itself dies. */
export function killMachine(host: DemoHost, domain: Domain): void {
  stopMachine(host, domain, ShutoffReason.FAILED, StoppedDetail.FAILED)
}

/** The guest restarts: pending removals are over, the agent goes and comes. */
export function resetGuest(host: DemoHost, domain: Domain): void {
  const { machine } = domain
  if (machine === null) return
  disconnectAgent(host, domain, machine)
  finishPendingRemovals(host, domain, machine)
  machine.guestOnline.set(machine.qemuHas)
  host.emit({ kind: 'reboot', domain: domain.ref })
  later(host, machine, FIRMWARE_RESET_MS, () => host.emit({ kind: 'reboot', domain: domain.ref }))
  bootGuest(host, domain, machine)
}

export function pauseMachine(
  host: DemoHost,
  domain: Domain,
  machine: Machine,
  reason: number,
  detail: number,
): void {
  machine.state = DomainState.PAUSED
  machine.reason = reason
  lifecycle(host, domain, LifecycleEvent.SUSPENDED, detail)
}

export function resumeMachine(
  host: DemoHost,
  domain: Domain,
  machine: Machine,
  reason: number,
  detail: number,
): void {
  machine.state = DomainState.RUNNING
  machine.reason = reason
  lifecycle(host, domain, LifecycleEvent.RESUMED, detail)
}

export function lifecycle(host: DemoHost, domain: Domain, event: number, detail: number): void {
  host.emit({ kind: 'lifecycle', domain: domain.ref, event, detail })
}

function agentEvent(host: DemoHost, domain: Domain, state: number, reason: number): void {
  host.emit({ kind: 'agent-lifecycle', domain: domain.ref, state, reason })
  host.emit({ kind: 'channel-lifecycle', domain: domain.ref, channelName: AGENT_CHANNEL, state, reason })
}
