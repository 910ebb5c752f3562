import type { Host, VmSummary } from '@coreshift/shared/contract'
import { machines } from '../../strings/machines.ts'
import type { FleetFilter, FleetSearch, FleetSort } from './fleet-search.ts'
import { compareNames } from './name-order.ts'
import { attentionRank, isRestartPending } from './vm-attention.ts'

/** The text that typing searches, made once per VM object. */
const haystacks = new WeakMap<VmSummary, string>()

function haystackOf(vm: VmSummary): string {
  const known = haystacks.get(vm)
  if (known !== undefined) return known
  const text =
    `${vm.name} ${vm.title ?? ''} ${vm.hostName} ${vm.guestOs.name} ${machines.status[vm.status]} ${vm.uuid}`.toLowerCase()
  haystacks.set(vm, text)
  return text
}

const FILTERS: Record<FleetFilter, (vm: VmSummary) => boolean> = {
  all: () => true,
  running: (vm) => vm.status === 'up',
  resizing: (vm) => vm.operation !== undefined,
  stuck: (vm) => vm.stuckVcpus > 0 || vm.refusedVcpus > 0,
  restart: isRestartPending,
  offline: (vm) => vm.stale,
}

type Compare = (a: VmSummary, b: VmSummary) => number

const byName: Compare = (a, b) =>
  a === b ? 0 : compareNames(a.name, b.name) || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0)

const SORTS: Record<FleetSort, Compare> = {
  name: byName,
  status: (a, b) => compareNames(machines.status[a.status], machines.status[b.status]),
  host: (a, b) => compareNames(a.hostName, b.hostName),
  guestOs: (a, b) => compareNames(a.guestOs.name, b.guestOs.name),
  sockets: (a, b) => b.sockets - a.sockets,
  vcpus: (a, b) => b.vcpuCount - a.vcpuCount || b.vcpuMax - a.vcpuMax,
  load: (a, b) => (b.loadPercent ?? -1) - (a.loadPercent ?? -1),
  attention: (a, b) => attentionRank(b) - attentionRank(a),
}

/** In what order machines stand; no two are equal. */
export function fleetOrder({ sort = 'name', down }: FleetSearch): Compare {
  const first = SORTS[sort]
  const direction = down ? -1 : 1
  return (a, b) => direction * first(a, b) || byName(a, b)
}

/** Which machines are shown: every word of the search has to be found. Absent where it is all of them. */
export function fleetFilter({ q = '', show = 'all', host }: FleetSearch) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && show === 'all' && host === undefined) return undefined
  const shown = FILTERS[show]
  return (vm: VmSummary): boolean =>
    shown(vm) &&
    (host === undefined || vm.hostName === host) &&
    words.every((word) => haystackOf(vm).includes(word))
}

export interface FleetCounts {
  readonly running: number
  readonly resizing: number
  readonly stuck: number
  readonly restart: number
  readonly hostsOffline: number
}

/**
 * What the strip on top says.
 * @param hosts absent while not known: then hosts without machines cannot be counted
 */
export function countFleet(
  vms: readonly VmSummary[],
  hosts?: readonly Pick<Host, 'id' | 'state'>[],
): FleetCounts {
  const offline = new Set(hosts?.filter((host) => host.state === 'offline').map((host) => host.id))
  let running = 0
  let resizing = 0
  let stuck = 0
  let restart = 0
  for (const vm of vms) {
    if (vm.stale) offline.add(vm.host)
    if (FILTERS.running(vm)) running += 1
    if (FILTERS.resizing(vm)) resizing += 1
    if (FILTERS.stuck(vm)) stuck += 1
    if (FILTERS.restart(vm)) restart += 1
  }
  return { running, resizing, stuck, restart, hostsOffline: offline.size }
}

/** Host names in the fleet, for the filter. */
export function hostNames(vms: readonly VmSummary[]): string[] {
  return [...new Set(vms.map((vm) => vm.hostName))].sort(compareNames)
}
