import { VcpuFlags } from '@coreshift/libvirt'
import { type DomainDefinition, vcpuCount } from '../definition/domain-definition.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { setGuestVcpuCount } from './guest-agent-vcpus.ts'
import { impactOf } from './impact.ts'
import {
  exclusiveFlags,
  invalid,
  missingFlag,
  mustNotBeZero,
  operationInvalid,
  unsupportedConfiguration,
  unsupportedFlags,
  unsupportedOperation,
} from './libvirt-fault.ts'
import type { Machine } from './machine.ts'
import { addUnit } from './vcpu-plug.ts'
import { selectUnits } from './vcpu-selection.ts'
import { removeUnit } from './vcpu-unplug.ts'

const API = 'virDomainSetVcpusFlags'
const JOB = 'remoteDispatchDomainSetVcpusFlags'
const KNOWN = VcpuFlags.LIVE | VcpuFlags.CONFIG | VcpuFlags.MAXIMUM | VcpuFlags.GUEST | VcpuFlags.HOTPLUGGABLE

/** Sets the number of vCPUs (virDomainSetVcpusFlags). Throws LibvirtFault with libvirt's codes. */
export async function setVcpuCount(
  host: DemoHost,
  domain: Domain,
  count: number,
  flags: number,
): Promise<void> {
  checkRequest(host, count, flags)
  if ((flags & VcpuFlags.GUEST) !== 0) return setGuestVcpuCount(host, domain, count)
  await domain.jobs.run('modify', JOB, async () => {
    const { live, config } = impactOf(domain, flags)
    if ((flags & VcpuFlags.MAXIMUM) !== 0) return setMaximum(live, config, count)
    if (live !== null && count > live.definition.vcpus.length)
      throw aboveMaximum('live', count, live.definition)
    if (config !== null && count > config.vcpus.length) throw aboveMaximum('persistent', count, config)
    if (live !== null) {
      const { enable, units } = selectUnits(live, count)
      const async = (flags & VcpuFlags.ASYNC_UNPLUG) !== 0
      for (const unit of units) {
        if (enable) addUnit(host, domain, live, unit)
        else await removeUnit(host, domain, live, unit, async)
      }
    }
    // Written now even when the guest has not let go yet (12.8.0, asynchronous form).
    if (config !== null) setConfiguredCount(config, count, (flags & VcpuFlags.HOTPLUGGABLE) !== 0)
  })
}

function checkRequest(host: DemoHost, count: number, flags: number): void {
  const has = (flag: number): boolean => (flags & flag) !== 0
  if (has(VcpuFlags.MAXIMUM) && !has(VcpuFlags.CONFIG)) {
    throw missingFlag(host.features.configFlag, 'VIR_DOMAIN_VCPU_MAXIMUM', API)
  }
  if (has(VcpuFlags.GUEST) && has(VcpuFlags.CONFIG)) {
    throw exclusiveFlags('VIR_DOMAIN_VCPU_GUEST', host.features.configFlag, API)
  }
  if (count === 0) throw mustNotBeZero('nvcpus', API)
  const known = host.features.asyncUnplug ? KNOWN | VcpuFlags.ASYNC_UNPLUG : KNOWN
  if ((flags & ~known) !== 0) throw unsupportedFlags(flags & ~known, 'qemuDomainSetVcpusFlags')
  if (has(VcpuFlags.GUEST) && has(VcpuFlags.ASYNC_UNPLUG)) {
    throw operationInvalid('asynchronous mode is unsupported with VIR_DOMAIN_VCPU_GUEST')
  }
}

function aboveMaximum(which: string, count: number, definition: DomainDefinition): Error {
  return invalid(
    `requested vcpus is greater than max allowable vcpus for the ${which} domain: ${count} > ${definition.vcpus.length}`,
  )
}

function setMaximum(live: Machine | null, config: DomainDefinition | null, maximum: number): void {
  if (live !== null) throw unsupportedOperation("maximum vcpu count of a live domain can't be modified")
  if (config === null) return
  const { topology } = config
  if (topology !== null) {
    const vcpus = topology.sockets * topology.dies * topology.clusters * topology.cores * topology.threads
    if (vcpus !== maximum) throw invalid("CPU topology doesn't match the desired vcpu count")
  }
  if (maximum > 16_384)
    throw unsupportedConfiguration(`Maximum CPUs greater than specified machine type limit 16384`)
  clearOrders(config)
  config.vcpus.length = Math.min(config.vcpus.length, maximum)
  while (config.vcpus.length < maximum) config.vcpus.push({ online: false, hotpluggable: null, order: 0 })
}

/** Cold plug and unplug (qemuDomainSetVcpusConfig): lowest absent ones on, highest present ones off. */
export function setConfiguredCount(config: DomainDefinition, count: number, hotpluggable: boolean): void {
  clearOrders(config)
  let current = vcpuCount(config)
  let mark = hotpluggable
  for (const slot of config.vcpus) {
    if (current >= count) break
    if (slot.online) {
      // Fixed vCPUs have to stay together at the beginning, so what follows a removable one is removable too.
      if (slot.hotpluggable) mark = true
      continue
    }
    slot.online = true
    slot.hotpluggable = mark
    if (mark) config.individualVcpus = true
    current++
  }
  for (let id = config.vcpus.length - 1; id >= 0 && current > count; id--) {
    const slot = config.vcpus[id]
    if (slot === undefined || !slot.online) continue
    slot.online = false
    slot.hotpluggable = true
    current--
  }
}

/** The order of enabling says nothing any more after a change of the stored definition. */
export function clearOrders(config: DomainDefinition): void {
  for (const slot of config.vcpus) slot.order = 0
}
