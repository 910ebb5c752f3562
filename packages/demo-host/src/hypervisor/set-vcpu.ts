import { ErrorDomain, SetVcpuFlags } from '@coreshift/libvirt'
import { readCpuList } from '../definition/cpu-list.ts'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { impactOf } from './impact.ts'
import { badArgument, invalid, unsupportedFlags } from './libvirt-fault.ts'
import { clearOrders } from './set-vcpus.ts'
import { addUnit } from './vcpu-plug.ts'
import { selectChosen } from './vcpu-selection.ts'
import { removeUnit } from './vcpu-unplug.ts'

const JOB = 'remoteDispatchDomainSetVcpu'
const KNOWN = SetVcpuFlags.LIVE | SetVcpuFlags.CONFIG

/** Enables or disables chosen vCPUs (virDomainSetVcpu). Throws LibvirtFault with libvirt's codes. */
export async function setChosenVcpus(
  host: DemoHost,
  domain: Domain,
  list: string,
  state: number,
  flags: number,
): Promise<void> {
  if (state !== 0 && state !== 1) {
    throw badArgument('state', 'virDomainSetVcpu', 'unsupported state value', ErrorDomain.DOMAIN)
  }
  const known = host.features.asyncUnplug ? KNOWN | SetVcpuFlags.ASYNC_UNPLUG : KNOWN
  if ((flags & ~known) !== 0) throw unsupportedFlags(flags & ~known, 'qemuDomainSetVcpu')
  const ids = readCpuList(list)
  if (ids === null) {
    throw list.trim() === ''
      ? invalid('no vcpus selected for modification')
      : invalid(`Failed to parse bitmap '${list}'`, ErrorDomain.NONE)
  }
  const enable = state === 1
  await domain.jobs.run('modify', JOB, async () => {
    const { live, config } = impactOf(domain, flags)
    const last = ids.at(-1) ?? 0
    if (config !== null && last >= config.vcpus.length) throw noSuch(last, 'persistent')
    if (live !== null && last >= live.definition.vcpus.length) throw noSuch(last, 'live')
    const unit = live === null ? null : selectChosen(live, ids, enable)
    if (config !== null) checkConfig(config, ids)
    if (live !== null && unit !== null) {
      if (enable) addUnit(host, domain, live, unit)
      else await removeUnit(host, domain, live, unit, (flags & SetVcpuFlags.ASYNC_UNPLUG) !== 0)
    }
    if (config !== null) setConfig(config, ids, enable)
  })
}

function noSuch(id: number, which: string): Error {
  return invalid(`vcpu ${id} is not present in ${which} config`)
}

/** Fixed vCPUs have to stay together from vCPU 0 on (qemuDomainVcpuValidateConfig). */
function checkConfig(config: DomainDefinition, ids: readonly number[]): void {
  if (ids.includes(0)) throw invalid("vCPU '0' can't be modified")
  const first = ids[0] ?? 0
  const chosen = new Set(ids)
  const blocked = config.vcpus.some(
    (slot, id) => id > first && !chosen.has(id) && slot.online && !slot.hotpluggable,
  )
  if (blocked)
    throw invalid(`vcpu '${first}' can't be modified as it is followed by non-hotpluggable online vcpus`)
}

function setConfig(config: DomainDefinition, ids: readonly number[], enable: boolean): void {
  config.individualVcpus = true
  clearOrders(config)
  for (const id of ids) {
    const slot = config.vcpus[id]
    if (slot === undefined) continue
    slot.online = enable
    slot.hotpluggable = true
  }
}
