import { ErrorCode } from '@coreshift/libvirt'
import { loadAt } from '../guest/guest-profile.ts'
import { type GuestReaction, reactionOf } from '../guest/guest-reaction.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { crashGuest, resetGuest } from './guest-power.ts'
import { qemuFault, systemError, unsupportedOperation, LibvirtFault } from './libvirt-fault.ts'
import { type Machine, numberOrders, type RemovalOutcome } from './machine.ts'
import { dropUnit, isLastOnline, letGo, letGoSilently, refuse } from './unit-removal.ts'

/** How long a synchronous request waits in libvirt for one unit (QEMU_UNPLUG_TIMEOUT; pseries guests get longer). */
const SYNC_WAIT_MS = 5000
const SYNC_WAIT_PSERIES_MS = 10_000
/** A paused guest looks again after this long. */
const PAUSED_RETRY_MS = 500
const VIR_DOMAIN_PAUSED = 3
const ECONNRESET = 104

/**
 * Takes one unit away, the way QEMU's driver does: `device_del`, then either return at once (`async`) or wait.
 * Throws LibvirtFault: 84 not removable, 9 refused, 68 no answer in time, 1 where the machine cannot unplug.
 */
export async function removeUnit(
  host: DemoHost,
  domain: Domain,
  machine: Machine,
  unit: number,
  async: boolean,
): Promise<void> {
  if (machine.pluggable[unit] !== 1) throw unsupportedOperation(`vcpu '${unit}' can't be unplugged`)
  if (machine.definition.arch === 's390x') {
    throw qemuFault(
      ErrorCode.INTERNAL_ERROR,
      "unable to execute QEMU command 'device_del': CPU hot unplug not supported on this machine",
    )
  }
  if (machine.qemuHas[unit] !== 1) {
    if (!host.features.knows('10.0.0')) throw causeUnknown()
    dropUnit(host, domain, machine, unit)
    numberOrders(machine.definition, machine.unitSize)
    return
  }
  askGuest(host, domain, machine, unit)
  if (async) return
  finish(await waitForRemoval(host, machine, unit))
  numberOrders(machine.definition, machine.unitSize)
}

/** 9.0.0 answers the repeated request for a device that QEMU no longer has like this, and goes on counting it. */
function causeUnknown(): LibvirtFault {
  const text = 'An error occurred, but the cause is unknown'
  return new LibvirtFault(ErrorCode.INTERNAL_ERROR, 0, text, { kind: 'format', prefix: '' }, text)
}

function finish(outcome: RemovalOutcome | 'timeout'): void {
  switch (outcome) {
    case 'removed':
      return
    case 'refused':
      throw qemuFault(ErrorCode.OPERATION_FAILED, 'unplug of device was rejected by the guest')
    case 'timeout':
      throw qemuFault(
        ErrorCode.OPERATION_TIMEOUT,
        'vcpu unplug request timed out. Unplug result must be manually inspected in the domain',
      )
    case 'stopped':
      throw systemError(ECONNRESET, 'Unable to read from monitor: Connection reset by peer', 10)
  }
}

function waitForRemoval(host: DemoHost, machine: Machine, unit: number): Promise<RemovalOutcome | 'timeout'> {
  return new Promise((resolve) => {
    const limit = machine.definition.arch.startsWith('ppc64') ? SYNC_WAIT_PSERIES_MS : SYNC_WAIT_MS
    const timer = host.clock.setTimer(limit, () => {
      machine.waiters.delete(unit)
      resolve('timeout')
    })
    machine.waiters.set(unit, (outcome) => {
      machine.waiters.delete(unit)
      timer.cancel()
      resolve(outcome)
    })
  })
}

/** Sends the request into the guest. A guest that is still thinking about an earlier one is not asked twice. */
function askGuest(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  machine.asked.add(unit)
  if (machine.answers.has(unit)) return
  const load = loadAt(domain.guest.load, domain.seed, unit, host.clock.now())
  const reaction = reactionOf(domain.guest.behaviour, load, host.random)
  if (reaction.kind === 'nothing') return
  schedule(host, domain, machine, unit, reaction, reaction.afterMs)
}

function schedule(
  host: DemoHost,
  domain: Domain,
  machine: Machine,
  unit: number,
  reaction: GuestReaction,
  afterMs: number,
): void {
  const timer = host.clock.setTimer(afterMs, () => {
    machine.answers.delete(unit)
    if (machine.state === VIR_DOMAIN_PAUSED) schedule(host, domain, machine, unit, reaction, PAUSED_RETRY_MS)
    else react(host, domain, machine, unit, reaction)
  })
  machine.answers.set(unit, timer)
}

function react(
  host: DemoHost,
  domain: Domain,
  machine: Machine,
  unit: number,
  reaction: GuestReaction,
): void {
  switch (reaction.kind) {
    case 'let-go': {
      // A guest does not give up its last CPU.
      if (isLastOnline(machine, unit)) return refuse(host, domain, machine, unit)
      return letGo(host, domain, machine, unit)
    }
    case 'let-go-silently':
      if (isLastOnline(machine, unit)) return refuse(host, domain, machine, unit)
      return letGoSilently(host, domain, machine, unit)
    case 'refuse':
      return refuse(host, domain, machine, unit)
    case 'crash':
      return crashGuest(host, domain)
    case 'reboot':
      return resetGuest(host, domain)
    case 'nothing':
  }
}
