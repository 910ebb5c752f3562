import { RunningReason, StartedDetail, LifecycleEvent, ResumedDetail, DomainState } from '@coreshift/libvirt'
import { copyDefinition, type DomainDefinition, vcpusPerUnit } from '../definition/domain-definition.ts'
import { readDomainXml } from '../definition/read-domain-xml.ts'
import { writeDomainXml } from '../definition/write-domain-xml.ts'
import type { GuestProfile } from '../guest/guest-profile.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { lifecycle } from './guest-power.ts'
import { Machine } from './machine.ts'

/** A running machine as it travels to another host: plain data, so that it fits into a migration cookie. */
export interface MachineState {
  readonly liveXml: string
  readonly configXml: string | null
  readonly guest: GuestProfile
  readonly guestOnline: readonly number[]
  readonly cpuTimeNs: readonly number[]
  readonly agentConnected: boolean
  readonly paused: boolean
}

export function exportMachine(domain: Domain, machine: Machine): MachineState {
  return {
    liveXml: writeDomainXml(machine.definition, machine.id),
    configXml: domain.config === null ? null : writeDomainXml(domain.config),
    guest: structuredClone(domain.guest),
    guestOnline: [...machine.guestOnline],
    cpuTimeNs: [...machine.cpuTimeNs],
    agentConnected: machine.agentConnected,
    paused: machine.state === DomainState.PAUSED,
  }
}

/** Makes the machine run on `host`, and stores its definition where `persist` says so. */
export function importMachine(host: DemoHost, state: MachineState, persist: boolean): Domain {
  const live = readDomainXml(state.liveXml, '')
  const stored: DomainDefinition | null =
    state.configXml === null ? null : readDomainXml(state.configXml, live.uuid)
  const known = host.domains.get(live.uuid)
  const domain = known ?? host.addDomain(stored ?? live, persist, state.guest)
  Object.assign(domain.guest, state.guest)
  if (known !== undefined && persist) known.config = copyDefinition(stored ?? live)
  const machine = new Machine(
    host.takeId(),
    live,
    host.clock.now(),
    DomainState.RUNNING,
    RunningReason.MIGRATED,
  )
  restore(machine, live, state)
  domain.machine = machine
  lifecycle(host, domain, LifecycleEvent.STARTED, StartedDetail.MIGRATED)
  if (state.paused) machine.state = DomainState.PAUSED
  else lifecycle(host, domain, LifecycleEvent.RESUMED, ResumedDetail.MIGRATED)
  if (persist && known === undefined) lifecycle(host, domain, LifecycleEvent.DEFINED, 0)
  return domain
}

function restore(machine: Machine, live: DomainDefinition, state: MachineState): void {
  const unitSize = vcpusPerUnit(live)
  machine.definition.vcpus.forEach((slot, vcpu) => {
    slot.order = live.vcpus[vcpu - (vcpu % unitSize)]?.order ?? 0
  })
  machine.guestOnline.set(state.guestOnline)
  machine.cpuTimeNs.set(state.cpuTimeNs)
  machine.agentConnected = state.agentConnected
}
