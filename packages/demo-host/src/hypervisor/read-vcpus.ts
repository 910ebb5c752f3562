import { cpuMapOf, ErrorDomain, VcpuFlags } from '@coreshift/libvirt'
import { readCpuList } from '../definition/cpu-list.ts'
import { type DomainDefinition, vcpuCount } from '../definition/domain-definition.ts'
import { hashText } from '../random.ts'
import { addUpCpuTime } from './cpu-time.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { guestVcpuCount } from './guest-agent-vcpus.ts'
import { oneDefinition } from './impact.ts'
import { exclusiveFlags, invalid, operationInvalid, unsupportedFlags } from './libvirt-fault.ts'

const GET_FLAGS = VcpuFlags.LIVE | VcpuFlags.CONFIG | VcpuFlags.MAXIMUM | VcpuFlags.GUEST
/** REMOTE_VCPUINFO_MAX and REMOTE_CPUMAPS_MAX. */
const INFOS_MAX = 16_384
const MAPS_BYTES_MAX = 8_388_608
const RUNNING = 1

/** Number of vCPUs (virDomainGetVcpusFlags). */
export async function readVcpuCount(host: DemoHost, domain: Domain, flags: number): Promise<number> {
  const where = 'virDomainGetVcpusFlags'
  if ((flags & VcpuFlags.LIVE) !== 0 && (flags & VcpuFlags.CONFIG) !== 0) {
    throw exclusiveFlags('VIR_DOMAIN_AFFECT_LIVE', 'VIR_DOMAIN_AFFECT_CONFIG', where)
  }
  if ((flags & ~GET_FLAGS) !== 0) throw unsupportedFlags(flags & ~GET_FLAGS, 'qemuDomainGetVcpusFlags')
  if ((flags & VcpuFlags.GUEST) !== 0) return guestVcpuCount(host, domain, (flags & VcpuFlags.MAXIMUM) !== 0)
  const definition = oneDefinition(domain, flags & (VcpuFlags.LIVE | VcpuFlags.CONFIG), where)
  return (flags & VcpuFlags.MAXIMUM) !== 0 ? definition.vcpus.length : vcpuCount(definition)
}

/** One present vCPU. */
interface VcpuInfo {
  readonly number: number
  readonly state: number
  readonly cpuTimeNs: bigint
  readonly hostCpu: number
}

/** The present vCPUs, with maps by position in the list and zeros behind them (virDomainGetVcpus). */
export function readVcpuInfos(
  host: DemoHost,
  domain: Domain,
  maxInfo: number,
  mapLength: number,
): { vcpus: VcpuInfo[]; maps: Uint8Array<ArrayBuffer> } {
  if (maxInfo > INFOS_MAX || maxInfo < 0) throw tooLarge(`maxinfo too large: ${maxInfo} > ${INFOS_MAX}`)
  if (mapLength < 0 || maxInfo * mapLength > MAPS_BYTES_MAX) {
    throw tooLarge(`cpumaplen too large: ${maxInfo * mapLength} > ${MAPS_BYTES_MAX}`)
  }
  if (domain.machine === null) throw operationInvalid('cannot retrieve vcpu information for inactive domain')
  const { machine } = domain
  addUpCpuTime(host, domain, machine)
  const maps = new Uint8Array(maxInfo * mapLength)
  const vcpus: VcpuInfo[] = []
  const unpinned = allowedCpus(host, machine.definition)
  machine.definition.vcpus.forEach((slot, number) => {
    if (!slot.online || vcpus.length >= maxInfo) return
    const pinned = machine.definition.pins.has(number)
    const cpus = pinned ? allowedCpus(host, machine.definition, number) : unpinned
    if (mapLength > 0) maps.set(cpuMapOf(cpus, mapLength).subarray(0, mapLength), vcpus.length * mapLength)
    vcpus.push({
      number,
      state: RUNNING,
      cpuTimeNs: BigInt(Math.round(machine.cpuTimeNs[number] ?? 0)),
      hostCpu: hostCpuOf(host, domain, number, cpus),
    })
  })
  return { vcpus, maps }
}

function tooLarge(detail: string): Error {
  return invalid(detail, ErrorDomain.NONE)
}

/** Host CPUs that a vCPU may run on: its pin, the domain's set, or all. Without a vCPU: where those without a pin may. */
export function allowedCpus(host: DemoHost, definition: DomainDefinition, vcpu?: number): number[] {
  const pin = vcpu === undefined ? undefined : definition.pins.get(vcpu)
  const list = pin ?? definition.cpuset
  const all = Array.from({ length: host.cpus }, (_, cpu) => cpu)
  if (list === null) return all
  return (readCpuList(list) ?? all).filter((cpu) => cpu < host.cpus)
}

/** Where a vCPU runs just now: it moves every few seconds among the CPUs it may use. */
function hostCpuOf(host: DemoHost, domain: Domain, vcpu: number, cpus: readonly number[]): number {
  const turn = Math.floor(host.clock.now() / 7000)
  return cpus[hashText(`${domain.uuid}/${vcpu}/${turn}`) % Math.max(1, cpus.length)] ?? 0
}
