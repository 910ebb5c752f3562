import { ErrorDomain, type TypedParam } from '@coreshift/libvirt'
import { readCpuList, writeCpuList } from '../definition/cpu-list.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { withAgent } from './guest-agent.ts'
import { badArgument, invalid, unsupportedOperation } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'
import { text } from './params.ts'

/** vCPUs that the guest knows: those that QEMU has. */
function knownVcpus(machine: Machine): number[] {
  return ids(machine.qemuHas)
}

function ids(flags: Uint8Array): number[] {
  const found: number[] = []
  flags.forEach((flag, id) => {
    if (flag === 1) found.push(id)
  })
  return found
}

/** Linux on x86 keeps its first CPU; on Power each can go as long as one stays. */
function isOfflinable(machine: Machine, vcpu: number): boolean {
  return vcpu !== 0 || machine.definition.arch.startsWith('ppc64')
}

/** vCPUs as the agent counts them: online ones, or all it knows (virDomainGetVcpusFlags with GUEST). */
export function guestVcpuCount(host: DemoHost, domain: Domain, all: boolean): Promise<number> {
  return withAgent(host, domain, (machine) => (all ? knownVcpus(machine) : ids(machine.guestOnline)).length)
}

/** Lets the agent bring vCPUs online or offline until `count` are online (virDomainSetVcpusFlags with GUEST). */
export function setGuestVcpuCount(host: DemoHost, domain: Domain, count: number): Promise<void> {
  return withAgent(host, domain, (machine) => {
    const known = knownVcpus(machine)
    if (count > known.length) {
      throw invalid(
        `requested vcpu count is greater than the count of enabled vcpus in the domain: ${count} > ${known.length}`,
      )
    }
    let online = ids(machine.guestOnline).length
    for (const vcpu of known) {
      if (online >= count) break
      if (machine.guestOnline[vcpu] === 1) continue
      machine.guestOnline[vcpu] = 1
      online++
    }
    for (const vcpu of known.reverse()) {
      if (online <= count) break
      if (machine.guestOnline[vcpu] !== 1 || !isOfflinable(machine, vcpu)) continue
      machine.guestOnline[vcpu] = 0
      online--
    }
  })
}

/** vCPUs as the guest sees them, as lists (virDomainGetGuestVcpus). */
export function readGuestVcpus(host: DemoHost, domain: Domain): Promise<TypedParam[]> {
  return withAgent(host, domain, (machine) => {
    const known = knownVcpus(machine)
    const offlinable = known.filter((vcpu) => isOfflinable(machine, vcpu))
    return [
      text('vcpus', writeCpuList(known)),
      text('online', writeCpuList(ids(machine.guestOnline))),
      text('offlinable', writeCpuList(offlinable)),
    ]
  })
}

/** Lets the agent set chosen vCPUs online or offline (virDomainSetGuestVcpus). */
export function setGuestVcpus(host: DemoHost, domain: Domain, list: string, state: number): Promise<void> {
  const chosen = readCpuList(list)
  if (chosen === null) throw invalid(`Failed to parse bitmap '${list}'`)
  if (state !== 0 && state !== 1) {
    throw badArgument('state', 'qemuDomainSetGuestVcpus', 'unsupported state value', ErrorDomain.QEMU)
  }
  return withAgent(host, domain, (machine) => {
    for (const vcpu of chosen) {
      if (machine.qemuHas[vcpu] !== 1) throw invalid(`guest agent didn't report vCPU '${vcpu}'`)
      if (state === 0 && !isOfflinable(machine, vcpu))
        throw unsupportedOperation(`vCPU '${vcpu}' is not offlinable`)
    }
    for (const vcpu of chosen) machine.guestOnline[vcpu] = state
  })
}
