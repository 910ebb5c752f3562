import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import type { Machine } from './machine.ts'
import { tellDeleted, tellEjected, tellRefused, usesAcpi } from './monitor-events.ts'

/** Whether the guest would be without any CPU. */
export function isLastOnline(machine: Machine, unit: number): boolean {
  const members = machine.vcpusOf(unit)
  return !machine.guestOnline.some((online, vcpu) => online === 1 && !members.includes(vcpu))
}

/** The guest lets a unit go, QEMU reports it, libvirt counts it no more. */
export function letGo(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  tellEjected(host, domain, machine, unit)
  takeFromQemu(machine, unit)
  tellDeleted(host, domain, machine, unit)
  dropUnit(host, domain, machine, unit)
}

/** The guest lets a unit go, but QEMU holds its report back until the next plug into that slot. */
export function letGoSilently(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  tellEjected(host, domain, machine, unit)
  takeFromQemu(machine, unit)
  machine.owed.add(unit)
}

/**
 * The guest says no. Where it speaks ACPI, libvirt passes QEMU's own event on and does nothing else: no
 * device-removal-failed, and a synchronous call runs into its time limit (12.8.0, QEMU 11.1.3). Elsewhere whoever waits
 * is told, and the event goes out with the unit's alias.
 */
export function refuse(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  machine.asked.delete(unit)
  tellRefused(host, domain, machine, unit)
  const told = !usesAcpi(machine)
  host.emit({ kind: 'device-removal-failed', domain: domain.ref, deviceAlias: machine.aliasOf(unit), told })
  if (told) machine.waiters.get(unit)?.('refused')
}

/** The guest has let go and QEMU has the vCPUs no more; libvirt may not know yet. */
function takeFromQemu(machine: Machine, unit: number): void {
  machine.asked.delete(unit)
  for (const vcpu of machine.vcpusOf(unit)) {
    machine.qemuHas[vcpu] = 0
    machine.guestOnline[vcpu] = 0
  }
}

/** libvirt's side of a removal: the count goes down and one event per vCPU goes out. */
export function dropUnit(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  for (const vcpu of machine.vcpusOf(unit)) {
    const slot = machine.definition.vcpus[vcpu]
    if (slot === undefined) continue
    // The order of enabling stays behind until the next change numbers anew (12.8.0).
    slot.online = false
    machine.pluggable[vcpu] = 0
  }
  announceRemoval(host, domain, machine, unit)
  machine.waiters.get(unit)?.('removed')
}

/** The event of 12.4.0, also when it is stale. */
export function announceRemoval(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  for (const vcpuId of machine.vcpusOf(unit)) host.emit({ kind: 'vcpu-removed', domain: domain.ref, vcpuId })
}

/** A reset takes away what the guest was asked to give (hardware reset ends every pending removal). */
export function finishPendingRemovals(host: DemoHost, domain: Domain, machine: Machine): void {
  for (const unit of [...machine.asked].sort((a, b) => b - a)) {
    machine.answers.get(unit)?.cancel()
    machine.answers.delete(unit)
    if (machine.qemuHas[unit] === 1) letGo(host, domain, machine, unit)
  }
  machine.asked.clear()
}
