import { defineDomainTree, undefineDomain } from '../hypervisor/define-domain.ts'
import type { DemoHost } from '../hypervisor/demo-host.ts'
import type { Domain } from '../hypervisor/domain.ts'
import { connectAgent, pauseMachine, startMachine } from '../hypervisor/guest-power.ts'
import { setConfiguredCount } from '../hypervisor/set-vcpus.ts'
import { guestSystem } from '../guest/guest-catalog.ts'
import { promptGuest } from '../guest/guest-profile.ts'
import { hashText } from '../random.ts'
import type { VmSpec } from './vm-spec.ts'
import { vmDefinition } from './vm-definition.ts'

const PAUSED_BY_USER = { reason: 1, detail: 0 }
/** Demo machines have been up for hours. */
const UPTIME_MAX_MS = 20 * 24 * 3_600_000

/** Puts one VM of a fleet on a host, booted where it is to run. */
export function addVm(host: DemoHost, spec: VmSpec): Domain {
  const domain = defineDomainTree(host, vmDefinition(host.name, spec))
  const profile = promptGuest(spec.name)
  Object.assign(domain.guest, profile, {
    agent: spec.agent ?? 'present',
    system: guestSystem(spec.os).system,
    ...(spec.behaviour === undefined ? {} : { behaviour: spec.behaviour }),
    ...(spec.load === undefined ? {} : { load: spec.load }),
    ...(spec.shutdownMs === undefined ? {} : { shutdownMs: spec.shutdownMs }),
    ...(spec.dirtyMibPerSecond === undefined ? {} : { dirtyMibPerSecond: spec.dirtyMibPerSecond }),
  })
  domain.shutoffReason = 1
  if ((spec.state ?? 'running') === 'off') return domain
  const machine = startMachine(host, domain, domain.stored())
  connectAgent(host, domain, machine)
  const uptimeMs = hashText(domain.uuid) % UPTIME_MAX_MS
  machine.cpuTimeNs.forEach((_, vcpu) => {
    if (machine.guestOnline[vcpu] === 1)
      machine.cpuTimeNs[vcpu] = Math.round(uptimeMs * domain.guest.load.base * 1e6)
  })
  if (spec.state === 'paused')
    pauseMachine(host, domain, machine, PAUSED_BY_USER.reason, PAUSED_BY_USER.detail)
  if (spec.nextBootVcpus !== undefined) setConfiguredCount(domain.stored(), spec.nextBootVcpus, true)
  if (spec.transient === true) undefineDomain(host, domain)
  return domain
}
