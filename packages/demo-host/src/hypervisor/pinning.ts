import { cpuMapOf, cpusOfMap, ErrorDomain, ModificationImpact } from '@coreshift/libvirt'
import { readCpuList, writeCpuList } from '../definition/cpu-list.ts'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { impactOf, oneDefinition } from './impact.ts'
import { invalid, systemError, unsupportedFlags } from './libvirt-fault.ts'
import { text } from './params.ts'
import { allowedCpus } from './read-vcpus.ts'

const KNOWN = ModificationImpact.LIVE | ModificationImpact.CONFIG
const EINVAL = 22

/** Host CPUs of every vCPU up to the maximum, one map behind the other (virDomainGetVcpuPinInfo). */
export function readVcpuPins(
  host: DemoHost,
  domain: Domain,
  mapCount: number,
  mapLength: number,
  flags: number,
): { maps: Uint8Array<ArrayBuffer>; count: number } {
  if ((flags & ~KNOWN) !== 0) throw unsupportedFlags(flags & ~KNOWN, 'qemuDomainGetVcpuPinInfo')
  const definition = oneDefinition(domain, flags, 'virDomainGetVcpuPinInfo')
  const count = Math.min(mapCount, definition.vcpus.length)
  const maps = new Uint8Array(mapCount * mapLength)
  for (let vcpu = 0; vcpu < count; vcpu++) {
    maps.set(
      cpuMapOf(allowedCpus(host, definition, vcpu), mapLength).subarray(0, mapLength),
      vcpu * mapLength,
    )
  }
  return { maps, count }
}

/** Pins one vCPU, present or not (virDomainPinVcpuFlags). Throws LibvirtFault. */
export async function pinVcpu(
  host: DemoHost,
  domain: Domain,
  vcpu: number,
  map: Uint8Array,
  flags: number,
): Promise<void> {
  if ((flags & ~KNOWN) !== 0) throw unsupportedFlags(flags & ~KNOWN, 'qemuDomainPinVcpuFlags')
  await domain.jobs.run('modify', 'remoteDispatchDomainPinVcpuFlags', () => {
    const { live, config } = impactOf(domain, flags)
    if (live !== null) checkVcpu(live.definition, vcpu, 'live')
    if (config !== null) checkVcpu(config, vcpu, 'persistent')
    const cpus = checkedCpus(host, map, live !== null)
    change(live?.definition, config, (definition) => void definition.pins.set(vcpu, writeCpuList(cpus)))
    if (live !== null) tell(host, domain, `cputune.vcpupin${vcpu}`, writeCpuList(cpus))
  })
}

function checkVcpu(definition: DomainDefinition, vcpu: number, which: string): void {
  const count = definition.vcpus.length
  if (vcpu >= count) throw invalid(`vcpu ${vcpu} is out of range of ${which} cpu count ${count}`)
}

/** Pins QEMU's own threads (virDomainPinEmulator). */
export async function pinEmulator(
  host: DemoHost,
  domain: Domain,
  map: Uint8Array,
  flags: number,
): Promise<void> {
  if ((flags & ~KNOWN) !== 0) throw unsupportedFlags(flags & ~KNOWN, 'qemuDomainPinEmulator')
  await domain.jobs.run('modify', 'remoteDispatchDomainPinEmulator', () => {
    const { live, config } = impactOf(domain, flags)
    const cpus = checkedCpus(host, map, live !== null)
    change(live?.definition, config, (definition) => {
      definition.emulatorPin = writeCpuList(cpus)
    })
    if (live !== null) tell(host, domain, 'cputune.emulatorpin', writeCpuList(cpus))
  })
}

export function readEmulatorPin(
  host: DemoHost,
  domain: Domain,
  mapLength: number,
  flags: number,
): Uint8Array<ArrayBuffer> {
  if ((flags & ~KNOWN) !== 0) throw unsupportedFlags(flags & ~KNOWN, 'qemuDomainGetEmulatorPinInfo')
  const definition = oneDefinition(domain, flags, 'virDomainGetEmulatorPinInfo')
  const list = definition.emulatorPin ?? definition.cpuset
  const all = Array.from({ length: host.cpus }, (_, cpu) => cpu)
  const cpus = list === null ? all : (readCpuList(list) ?? all)
  return cpuMapOf(cpus, mapLength).slice(0, mapLength)
}

function checkedCpus(host: DemoHost, map: Uint8Array, live: boolean): number[] {
  const cpus = cpusOfMap(map).filter((cpu) => cpu < host.cpus || live)
  if (cpus.length === 0) throw invalid('Empty cpu list for pinning')
  const present = cpus.filter((cpu) => cpu < host.cpus)
  if (present.length === 0)
    throw systemError(EINVAL, 'cannot set CPU affinity on process: Invalid argument', ErrorDomain.NONE)
  return present
}

function change(
  live: DomainDefinition | undefined,
  config: DomainDefinition | null,
  apply: (definition: DomainDefinition) => void,
): void {
  if (live !== undefined) apply(live)
  if (config !== null) apply(config)
}

function tell(host: DemoHost, domain: Domain, field: string, value: string): void {
  host.emit({ kind: 'tunable', domain: domain.ref, params: [text(field, value)] })
}
