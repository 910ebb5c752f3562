import {
  CreateFlags,
  DestroyFlags,
  DomainState,
  ErrorCode,
  JobOperation,
  JobType,
  PausedReason,
  ResumedDetail,
  RunningReason,
  ShutdownFlags,
  ShutoffReason,
  StartedDetail,
  StoppedDetail,
  LifecycleEvent,
  ShutdownDetail,
  SuspendedDetail,
} from '@coreshift/libvirt'
import { hasAgentChannel } from '../definition/domain-definition.ts'
import { sleep } from '../time/clock.ts'
import { checkNames, readDefinition } from './define-domain.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { withAgent } from './guest-agent.ts'
import {
  destroyMachine,
  lifecycle,
  pauseMachine,
  powerOff,
  resetGuest,
  resumeMachine,
  startMachine,
  stopMachine,
} from './guest-power.ts'
import { operationInvalid, qemuFault, unsupportedFlags } from './libvirt-fault.ts'
import { later } from './machine-timer.ts'
import { int, ullong } from './params.ts'

const START_MS = 80
const DESTROY_MS = 120
const SAVE_MS = 60
const CREATE_FLAGS = 63
const CAN_ASK = ShutdownFlags.ACPI_POWER_BTN | ShutdownFlags.GUEST_AGENT

/** Starts a stored domain, from its save image where it has one (virDomainCreateWithFlags). */
export async function createDomain(host: DemoHost, domain: Domain, flags = 0): Promise<void> {
  if ((flags & ~CREATE_FLAGS) !== 0)
    throw unsupportedFlags(flags & ~CREATE_FLAGS, 'qemuDomainCreateWithFlags')
  await domain.jobs.run('modify', 'remoteDispatchDomainCreateWithFlags', async () => {
    if (domain.machine !== null) throw operationInvalid('domain is already running')
    const config = domain.stored()
    await sleep(host.clock, START_MS)
    const restored = domain.managedSave && (flags & CreateFlags.FORCE_BOOT) === 0
    domain.managedSave = false
    startMachine(host, domain, config, {
      paused: (flags & CreateFlags.PAUSED) !== 0,
      ...(restored ? { reason: RunningReason.RESTORED, detail: StartedDetail.RESTORED } : {}),
    })
  })
}

/** Starts a domain that is not stored (virDomainCreateXML). */
export async function createTransient(host: DemoHost, xml: string, flags = 0): Promise<Domain> {
  if ((flags & ~CREATE_FLAGS) !== 0) throw unsupportedFlags(flags & ~CREATE_FLAGS, 'qemuDomainCreateXML')
  const definition = readDefinition(host, xml)
  const known = host.domains.get(definition.uuid)
  checkNames(host, definition, known)
  if (known !== undefined && known.machine !== null) {
    throw operationInvalid(`domain is already active as '${known.name}'`)
  }
  const domain = known ?? host.addDomain(definition, false)
  await sleep(host.clock, START_MS)
  startMachine(host, domain, definition, { paused: (flags & CreateFlags.PAUSED) !== 0 })
  return domain
}

/** Asks the guest to stop; the answer says nothing about the outcome (virDomainShutdownFlags). */
export async function shutdownDomain(host: DemoHost, domain: Domain, flags = 0): Promise<void> {
  if ((flags & ~CAN_ASK) !== 0) throw unsupportedFlags(flags & ~CAN_ASK, 'qemuDomainShutdownFlags')
  await askGuest(host, domain, flags, () => powerOff(host, domain))
}

/** Asks the guest to restart (virDomainReboot). */
export async function rebootDomain(host: DemoHost, domain: Domain, flags = 0): Promise<void> {
  if ((flags & ~CAN_ASK) !== 0) throw unsupportedFlags(flags & ~CAN_ASK, 'qemuDomainReboot')
  await askGuest(host, domain, flags, () => resetGuest(host, domain))
}

async function askGuest(host: DemoHost, domain: Domain, flags: number, then: () => void): Promise<void> {
  const machine = domain.running(10)
  const agent = (flags & ShutdownFlags.GUEST_AGENT) !== 0
  const acpi = (flags & ShutdownFlags.ACPI_POWER_BTN) !== 0
  const useAgent = agent && (!acpi || (machine.agentConnected && hasAgentChannel(machine.definition)))
  if (useAgent) await withAgent(host, domain, () => undefined)
  const { shutdownMs } = domain.guest
  if (shutdownMs === null) return
  later(host, machine, shutdownMs, then)
}

/** Restarts the machine without asking the guest (virDomainReset). */
export function resetDomain(host: DemoHost, domain: Domain, flags = 0): void {
  if (flags !== 0) throw unsupportedFlags(flags, 'qemuDomainReset')
  domain.running(10)
  resetGuest(host, domain)
}

/** Pulls the plug (virDomainDestroyFlags). */
export async function destroyDomain(host: DemoHost, domain: Domain, flags = 0): Promise<void> {
  const known = DestroyFlags.GRACEFUL | DestroyFlags.REMOVE_LOGS
  if ((flags & ~known) !== 0) throw unsupportedFlags(flags & ~known, 'qemuDomainDestroyFlags')
  const machine = domain.running(10)
  await sleep(host.clock, DESTROY_MS)
  if (domain.machine !== machine) return
  domain.migration?.abort()
  destroyMachine(host, domain)
}

/** Stops the vCPUs (virDomainSuspend). */
export async function suspendDomain(host: DemoHost, domain: Domain): Promise<void> {
  await domain.jobs.run('modify', 'remoteDispatchDomainSuspend', () => {
    const machine = domain.running(10)
    if (machine.state === DomainState.PAUSED) return
    pauseMachine(host, domain, machine, PausedReason.USER, SuspendedDetail.PAUSED)
  })
}

/** Lets the vCPUs run again (virDomainResume). */
export async function resumeDomain(host: DemoHost, domain: Domain): Promise<void> {
  await domain.jobs.run('modify', 'remoteDispatchDomainResume', () => {
    const machine = domain.running(10)
    if (machine.state !== DomainState.PAUSED) throw operationInvalid('domain is already running')
    resumeMachine(host, domain, machine, RunningReason.UNPAUSED, ResumedDetail.UNPAUSED)
  })
}

/** Saves memory and stops (virDomainManagedSave). */
export async function managedSave(host: DemoHost, domain: Domain, flags = 0): Promise<void> {
  if ((flags & ~31) !== 0) throw unsupportedFlags(flags & ~31, 'qemuDomainManagedSave')
  await domain.jobs.run('modify', 'remoteDispatchDomainManagedSave', async () => {
    const machine = domain.running(10)
    if (domain.config === null) throw operationInvalid('cannot do managed save for transient domain')
    pauseMachine(host, domain, machine, PausedReason.SAVE, SuspendedDetail.PAUSED)
    await sleep(host.clock, SAVE_MS)
    if (domain.machine !== machine) throw qemuFault(ErrorCode.OPERATION_FAILED, 'domain is no longer running')
    const params = [int('operation', JobOperation.SAVE), ullong('time_elapsed', SAVE_MS)]
    domain.completedJob = { type: JobType.COMPLETED, params }
    host.emit({ kind: 'job-completed', domain: domain.ref, params })
    domain.managedSave = true
    lifecycle(host, domain, LifecycleEvent.SHUTDOWN, ShutdownDetail.HOST)
    stopMachine(host, domain, ShutoffReason.SAVED, StoppedDetail.SAVED)
  })
}

export function removeManagedSave(domain: Domain): void {
  domain.managedSave = false
}
