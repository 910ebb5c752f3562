import { DomainStats, DomainStatsFlags, ErrorCode, type TypedParam } from '@coreshift/libvirt'
import { vcpuCount } from '../definition/domain-definition.ts'
import { childElements } from '../xml/xml-tree.ts'
import { addUpCpuTime, totalCpuTimeNs } from './cpu-time.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { stateOf } from './domain-state.ts'
import { checkFlags, qemuFault } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'
import { int, llong, text, uint, ullong } from './params.ts'

const SUPPORTED =
  DomainStats.STATE |
  DomainStats.CPU_TOTAL |
  DomainStats.BALLOON |
  DomainStats.VCPU |
  DomainStats.INTERFACE |
  DomainStats.BLOCK |
  DomainStats.PERF |
  DomainStats.IOTHREAD |
  DomainStats.MEMORY |
  DomainStats.DIRTYRATE |
  DomainStats.VM
/** Filters of the list of domains, and the flags of statistics. */
const KNOWN_FLAGS = 255 | DomainStatsFlags.NOWAIT | DomainStatsFlags.BACKING | DomainStatsFlags.ENFORCE_STATS
const USER_SHARE = 0.7
/** Groups that need to talk to QEMU, and so wait for another job of the domain. */
const NEEDS_JOB = DomainStats.BALLOON | DomainStats.VCPU | DomainStats.BLOCK | DomainStats.IOTHREAD

/** Statistics of one domain (virConnectGetAllDomainStats). Waits for a busy domain unless told not to. */
export async function readStatistics(
  host: DemoHost,
  domain: Domain,
  stats: number,
  flags: number,
): Promise<TypedParam[]> {
  checkFlags(flags, KNOWN_FLAGS, 'qemuConnectGetAllDomainStats')
  const groups = stats === 0 ? SUPPORTED : stats
  if ((flags & DomainStatsFlags.ENFORCE_STATS) !== 0 && (groups & ~SUPPORTED) !== 0) {
    const bits = `0x${((groups & ~SUPPORTED) >>> 0).toString(16)}`
    throw qemuFault(
      ErrorCode.ARGUMENT_UNSUPPORTED,
      `Stats types bits ${bits} are not supported by this daemon or QEMU`,
    )
  }
  const needsJob = domain.machine !== null && (groups & NEEDS_JOB) !== 0
  if (!needsJob || domain.jobs.free || (flags & DomainStatsFlags.NOWAIT) !== 0)
    return collect(host, domain, groups)
  return domain.jobs.run('query', 'remoteDispatchConnectGetAllDomainStats', () =>
    collect(host, domain, groups),
  )
}

function collect(host: DemoHost, domain: Domain, groups: number): TypedParam[] {
  const { machine } = domain
  if (machine !== null) addUpCpuTime(host, domain, machine)
  const has = (group: number): boolean => (groups & group) !== 0
  return [
    ...(has(DomainStats.STATE) ? stateParams(domain) : []),
    ...(has(DomainStats.CPU_TOTAL) && machine !== null ? cpuParams(host, machine) : []),
    ...(has(DomainStats.BALLOON) ? balloonParams(domain, machine) : []),
    ...(has(DomainStats.VCPU) ? vcpuParams(domain, machine) : []),
    ...(has(DomainStats.INTERFACE) && machine !== null ? [uint('net.count', 0)] : []),
    ...(has(DomainStats.BLOCK) ? [uint('block.count', blockCount(domain))] : []),
    ...(has(DomainStats.DIRTYRATE) && machine !== null ? DIRTY_RATE : []),
  ]
}

function stateParams(domain: Domain): TypedParam[] {
  const { state, reason } = stateOf(domain)
  return [int('state.state', state), int('state.reason', reason)]
}

function cpuParams(host: DemoHost, machine: Machine): TypedParam[] {
  const total = totalCpuTimeNs(machine)
  const user = Math.round(total * USER_SHARE)
  const times = [ullong('cpu.time', total), ullong('cpu.user', user), ullong('cpu.system', total - user)]
  if (!host.features.knows('10.0.0')) return [...times, uint('cpu.cache.monitor.count', 0)]
  return [...times, ullong('cpu.haltpoll.success.time', 0), ullong('cpu.haltpoll.fail.time', 0)]
}

function balloonParams(domain: Domain, machine: Machine | null): TypedParam[] {
  const { definition } = domain
  const params = [
    ullong('balloon.current', definition.currentMemoryKib),
    ullong('balloon.maximum', definition.memoryKib),
  ]
  if (machine !== null) params.push(ullong('balloon.rss', definition.memoryKib * 0.6))
  return params
}

function vcpuParams(domain: Domain, machine: Machine | null): TypedParam[] {
  const { definition } = domain
  const params = [uint('vcpu.current', vcpuCount(definition)), uint('vcpu.maximum', definition.vcpus.length)]
  if (machine === null) return params
  definition.vcpus.forEach((slot, vcpu) => {
    if (!slot.online) return
    params.push(int(`vcpu.${vcpu}.state`, 1))
    params.push(ullong(`vcpu.${vcpu}.time`, machine.cpuTimeNs[vcpu] ?? 0))
    params.push(ullong(`vcpu.${vcpu}.wait`, 0))
    params.push(ullong(`vcpu.${vcpu}.delay`, (machine.cpuTimeNs[vcpu] ?? 0) * 0.01))
  })
  return params
}

function blockCount(domain: Domain): number {
  const devices = domain.definition.sections.get('devices')?.[0]
  return devices === undefined ? 0 : childElements(devices).filter(({ name }) => name === 'disk').length
}

const DIRTY_RATE: readonly TypedParam[] = [
  int('dirtyrate.calc_status', 0),
  llong('dirtyrate.calc_start_time', 0n),
  int('dirtyrate.calc_period', 0),
  text('dirtyrate.calc_mode', 'page-sampling'),
]
