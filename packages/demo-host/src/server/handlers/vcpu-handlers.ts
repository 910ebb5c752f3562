import {
  domainGetCpuStats,
  domainGetEmulatorPinInfo,
  domainGetMaxVcpus,
  domainGetVcpuPinInfo,
  domainGetVcpus,
  domainGetVcpusFlags,
  domainPinEmulator,
  domainPinVcpu,
  domainPinVcpuFlags,
  domainSetVcpu,
  domainSetVcpus,
  domainSetVcpusFlags,
  ErrorDomain,
  ModificationImpact,
  TypedParams,
  VcpuFlags,
} from '@coreshift/libvirt'
import { addUpCpuTime, totalCpuTimeNs } from '../../hypervisor/cpu-time.ts'
import { operationInvalid } from '../../hypervisor/libvirt-fault.ts'
import { ullong } from '../../hypervisor/params.ts'
import { pinEmulator, pinVcpu, readEmulatorPin, readVcpuPins } from '../../hypervisor/pinning.ts'
import { readVcpuCount, readVcpuInfos } from '../../hypervisor/read-vcpus.ts'
import { setChosenVcpus } from '../../hypervisor/set-vcpu.ts'
import { setVcpuCount } from '../../hypervisor/set-vcpus.ts'
import type { HandlerTable } from '../handler-table.ts'
import { domainOf } from './domain-handlers.ts'

const EMPTY = {}

/** Counting, changing and pinning vCPUs. */
export function vcpuHandlers(table: HandlerTable): void {
  table
    .on(domainSetVcpus, 'write', async (session, { domain, count }) => {
      await setVcpuCount(session.host, domainOf(session, domain), count, VcpuFlags.LIVE)
      return EMPTY
    })
    .on(domainSetVcpusFlags, 'write', async (session, { domain, count, flags }) => {
      await setVcpuCount(session.host, domainOf(session, domain), count, flags)
      return EMPTY
    })
    .on(domainSetVcpu, 'write', async (session, { domain, vcpus, state, flags }) => {
      await setChosenVcpus(session.host, domainOf(session, domain), vcpus, state, flags)
      return EMPTY
    })
    .on(domainGetVcpusFlags, 'read', async (session, { domain, flags }) => ({
      count: await readVcpuCount(session.host, domainOf(session, domain), flags),
    }))
    .on(domainGetMaxVcpus, 'read', (session, { domain }) => {
      const machine = domainOf(session, domain).running(ErrorDomain.DOMAIN)
      return { max: machine.definition.vcpus.length }
    })
    .on(domainGetVcpus, 'read', (session, { domain, maxInfo, mapLength }) =>
      readVcpuInfos(session.host, domainOf(session, domain), maxInfo, mapLength),
    )
    .on(domainGetVcpuPinInfo, 'read', (session, { domain, mapCount, mapLength, flags }) =>
      readVcpuPins(session.host, domainOf(session, domain), mapCount, mapLength, flags),
    )
    .on(domainPinVcpu, 'write', async (session, { domain, vcpu, map }) => {
      await pinVcpu(session.host, domainOf(session, domain), vcpu, map, ModificationImpact.LIVE)
      return EMPTY
    })
    .on(domainPinVcpuFlags, 'write', async (session, { domain, vcpu, map, flags }) => {
      await pinVcpu(session.host, domainOf(session, domain), vcpu, map, flags)
      return EMPTY
    })
    .on(domainPinEmulator, 'write', async (session, { domain, map, flags }) => {
      await pinEmulator(session.host, domainOf(session, domain), map, flags)
      return EMPTY
    })
    .on(domainGetEmulatorPinInfo, 'read', (session, { domain, mapLength, flags }) => ({
      map: readEmulatorPin(session.host, domainOf(session, domain), mapLength, flags),
      valid: 1,
    }))
    .on(domainGetCpuStats, 'read', (session, { domain, paramCount }) => {
      const found = domainOf(session, domain)
      if (found.machine === null) throw operationInvalid('domain is not running')
      addUpCpuTime(session.host, found, found.machine)
      const total = totalCpuTimeNs(found.machine)
      const params = [
        ullong('cpu_time', total),
        ullong('user_time', total * 0.7),
        ullong('system_time', total * 0.3),
      ]
      return { params: TypedParams.of(paramCount === 0 ? [] : params), paramCount: params.length }
    })
}
