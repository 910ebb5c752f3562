import { loadAt } from '../guest/guest-profile.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import type { Machine } from './machine.ts'

const VIR_DOMAIN_RUNNING = 1
const NS_PER_MS = 1e6

/** Adds what the vCPUs used since the last look. Done when somebody looks, so that idle domains cost nothing. */
export function addUpCpuTime(host: DemoHost, domain: Domain, machine: Machine): void {
  const now = host.clock.now()
  const elapsed = now - machine.cpuTimeAt
  machine.cpuTimeAt = now
  if (elapsed <= 0 || machine.state !== VIR_DOMAIN_RUNNING) return
  const { guestOnline, cpuTimeNs } = machine
  for (let vcpu = 0; vcpu < guestOnline.length; vcpu++) {
    if (guestOnline[vcpu] !== 1) continue
    const load = loadAt(domain.guest.load, domain.seed, vcpu, now)
    cpuTimeNs[vcpu] = (cpuTimeNs[vcpu] ?? 0) + Math.round(elapsed * load * NS_PER_MS)
  }
}

/** CPU time of all vCPUs in ns. */
export function totalCpuTimeNs(machine: Machine): number {
  let total = 0
  for (const time of machine.cpuTimeNs) total += time
  return total
}
