import type { DemoHost } from './demo-host.ts'
import { numberOrders } from './machine.ts'

/** A daemon that ends takes its waiting calls and its migrations with it; machines run on. */
export function abandonCalls(host: DemoHost): void {
  for (const { machine, migration } of host.domains.values()) {
    migration?.abort()
    for (const tell of machine?.waiters.values() ?? []) tell('stopped')
  }
}

/**
 * What a daemon does with machines that ran on while it was away: it counts what QEMU has. A removal that QEMU finished
 * meanwhile is counted right, and no event is sent for it (12.8.0).
 */
export function reconnectMachines(host: DemoHost): void {
  for (const { machine } of host.domains.values()) {
    if (machine === null) continue
    machine.definition.vcpus.forEach((slot, vcpu) => {
      if (!slot.online || machine.qemuHas[vcpu] === 1) return
      slot.online = false
      slot.order = 0
      machine.pluggable[vcpu] = 0
    })
    numberOrders(machine.definition, machine.unitSize)
  }
}
