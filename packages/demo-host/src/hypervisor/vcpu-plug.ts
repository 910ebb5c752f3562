import { onlineAfterMs } from '../guest/guest-reaction.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { type Machine, numberOrders } from './machine.ts'
import { later } from './machine-timer.ts'
import { tellDeleted, tellPlugged } from './monitor-events.ts'
import { announceRemoval } from './unit-removal.ts'

/** A held-back completion comes right after the reply to the plug (seen: 1 ms). */
const STALE_EVENT_MS = 1
/** The guest says that it took a vCPU in. */
const TAKEN_IN_MS = 13

/** Adds one unit; libvirt counts it at once, the guest brings it online by itself or not at all. */
export function addUnit(host: DemoHost, domain: Domain, machine: Machine, unit: number): void {
  const { definition } = machine
  // From now on the XML lists every vCPU, because hot-plugged ones must stay removable.
  definition.individualVcpus = true
  for (const vcpu of machine.vcpusOf(unit)) {
    const slot = definition.vcpus[vcpu]
    if (slot === undefined) continue
    slot.online = true
    slot.hotpluggable = true
    slot.order = Number.MAX_SAFE_INTEGER
    machine.qemuHas[vcpu] = 1
    machine.pluggable[vcpu] = 1
    machine.guestOnline[vcpu] = 0
    machine.cpuTimeNs[vcpu] = 0
  }
  numberOrders(definition, machine.unitSize)
  if (machine.owed.delete(unit)) {
    later(host, machine, STALE_EVENT_MS, () => {
      tellDeleted(host, domain, machine, unit)
      announceRemoval(host, domain, machine, unit)
    })
  }
  later(host, machine, TAKEN_IN_MS, () => tellPlugged(host, domain, machine, unit))
  const afterMs = onlineAfterMs(domain.guest.behaviour)
  if (afterMs === null) return
  later(host, machine, afterMs, () => {
    for (const vcpu of machine.vcpusOf(unit)) if (machine.qemuHas[vcpu] === 1) machine.guestOnline[vcpu] = 1
  })
}
