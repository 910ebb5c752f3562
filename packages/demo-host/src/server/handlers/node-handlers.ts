import {
  connectGetCapabilities,
  connectGetDomainCapabilities,
  connectGetMaxVcpus,
  connectGetSysinfo,
  cpuMapOf,
  ErrorCode,
  nodeGetCpuMap,
  nodeGetFreeMemory,
  nodeGetInfo,
} from '@coreshift/libvirt'
import { capabilitiesXml, domainCapabilitiesXml } from '../../hypervisor/capabilities-xml.ts'
import type { DemoHost } from '../../hypervisor/demo-host.ts'
import { qemuFault } from '../../hypervisor/libvirt-fault.ts'
import type { HandlerTable } from '../handler-table.ts'

const KVM_MAX_VCPUS = 1024
const TCG_MAX_VCPUS = 16

/** The physical machine and what the driver can do on it. */
export function nodeHandlers(table: HandlerTable): void {
  table
    .on(nodeGetInfo, 'read', ({ host }) => {
      const { hardware } = host
      return {
        model: hardware.model,
        memoryKib: BigInt(hardware.memoryKib),
        cpus: host.cpus,
        mhz: hardware.mhz,
        nodes: hardware.nodes,
        sockets: hardware.socketsPerNode,
        cores: hardware.coresPerSocket,
        threads: hardware.threadsPerCore,
      }
    })
    .on(nodeGetCpuMap, 'read', ({ host }, { needMap, needOnline }) => ({
      map: needMap === 0 ? new Uint8Array() : cpuMapOf(Array.from({ length: host.cpus }, (_, cpu) => cpu)),
      online: needOnline === 0 ? 0 : host.cpus,
      cpus: host.cpus,
    }))
    .on(nodeGetFreeMemory, 'read', ({ host }) => ({ bytes: freeMemory(host) }))
    .on(connectGetMaxVcpus, 'read', (_session, { type }) => ({
      max: type?.toLowerCase() === 'kvm' ? KVM_MAX_VCPUS : TCG_MAX_VCPUS,
    }))
    .on(connectGetSysinfo, 'read', () => {
      throw qemuFault(ErrorCode.CONFIG_UNSUPPORTED, 'Host SMBIOS information is not available')
    })
    .on(connectGetCapabilities, 'read', ({ host }) => ({ xml: capabilitiesXml(host) }))
    .on(connectGetDomainCapabilities, 'read', ({ host }, { emulator, arch, machine, virtType }) => ({
      xml: domainCapabilitiesXml(host, { emulator, arch, machine, virtType }),
    }))
}

function freeMemory(host: DemoHost): bigint {
  let used = 0
  for (const { machine } of host.domains.values()) used += machine?.definition.currentMemoryKib ?? 0
  return BigInt(Math.max(0, host.hardware.memoryKib - used)) * 1024n
}
