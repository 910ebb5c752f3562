import type { VcpuState } from '@coreshift/shared'
import type { Vcpu } from '@coreshift/shared/contract'
import type { SteadyVcpu } from '../steady-vm.ts'

type SocketState = 'full' | 'empty' | 'leaving' | 'coming' | 'partly' | 'attention'

/** One core with its threads. */
export interface CoreBox {
  readonly key: number
  readonly vcpus: readonly SteadyVcpu[]
}

/** The vCPUs of each socket. The vCPU objects are the ones of the VM, so that an unchanged one stays the same. */
export function socketsOfVm(vm: { readonly vcpus: readonly SteadyVcpu[] }): (readonly SteadyVcpu[])[] {
  const sockets: SteadyVcpu[][] = []
  for (const vcpu of vm.vcpus) {
    const socket = (sockets[vcpu.socket] ??= [])
    socket.push(vcpu)
  }
  return Array.from(sockets, (vcpus) => vcpus ?? [])
}

/** Empty sockets at the end that are always shown: room to grow that one sees. */
const EMPTY_SHOWN = 8
/** Fewer than these are not worth a line that says they are left out. */
const EMPTY_FOLDED_MIN = 8

/** How many sockets to show when the many empty ones at the end are left out. */
export function socketsShown(sockets: readonly (readonly SteadyVcpu[])[]): number {
  const lastUsed = sockets.findLastIndex((vcpus) => vcpus.some(({ state }) => state !== 'absent'))
  const shown = lastUsed + 1 + EMPTY_SHOWN
  return sockets.length - shown < EMPTY_FOLDED_MIN ? sockets.length : shown
}

export function coresOf(vcpus: readonly SteadyVcpu[]): CoreBox[] {
  const cores = new Map<number, SteadyVcpu[]>()
  for (const vcpu of vcpus) {
    const key = (vcpu.die * 4096 + vcpu.cluster) * 4096 + vcpu.core
    const core = cores.get(key)
    if (core) core.push(vcpu)
    else cores.set(key, [vcpu])
  }
  return [...cores].map(([key, list]) => ({ key, vcpus: list }))
}

export function socketState(vcpus: readonly SteadyVcpu[]): SocketState {
  const has = (...states: VcpuState[]) => vcpus.some((vcpu) => states.includes(vcpu.state))
  if (has('stuck', 'refused')) return 'attention'
  if (has('pending-removal')) return 'leaving'
  if (has('adding')) return 'coming'
  const empty = vcpus.filter(isEmptySlot).length
  if (empty === vcpus.length) return 'empty'
  return empty === 0 ? 'full' : 'partly'
}

/** Whether nothing is in the slot that could have a load or a place on the host. */
export function isEmptySlot({ state }: SteadyVcpu): boolean {
  return state === 'absent' || state === 'removed'
}

/** Whether nothing of the socket can be removed while the machine runs. */
export function isFixed(vcpus: readonly SteadyVcpu[]): boolean {
  return vcpus.some((vcpu) => vcpu.state !== 'absent') && vcpus.every((vcpu) => !vcpu.hotpluggable)
}

/** When the oldest move in the socket began. */
export function movingSince(vcpus: readonly SteadyVcpu[]): string | undefined {
  return vcpus
    .filter((vcpu) => vcpu.state === 'pending-removal' || vcpu.state === 'adding')
    .map((vcpu) => vcpu.since)
    .filter((since) => since !== undefined)
    .sort()[0]
}

/** How many vCPUs are in each state, in a fixed order; states that do not occur are left out. */
export function countStates(vcpus: readonly SteadyVcpu[]): [VcpuState, number][] {
  const counts = new Map<VcpuState, number>()
  for (const vcpu of vcpus) counts.set(vcpu.state, (counts.get(vcpu.state) ?? 0) + 1)
  return ORDER.flatMap((state) => {
    const count = counts.get(state)
    return count === undefined ? [] : [[state, count] satisfies [VcpuState, number]]
  })
}

const ORDER: readonly VcpuState[] = [
  'present',
  'adding',
  'guest-offline',
  'pending-removal',
  'stuck',
  'refused',
  'removed',
  'absent',
]

/** The table as text with aligned columns, like `lscpu -e -a`. */
export function topologyText(vcpus: readonly Vcpu[], words: Record<VcpuState, string>): string {
  const head = [
    'CPU',
    'STATE',
    'SOCKET',
    'DIE',
    'CLUSTER',
    'CORE',
    'THREAD',
    'NODE',
    'HOSTCPU',
    'PINNED',
    'REMOVABLE',
  ]
  const rows = vcpus.map((vcpu) => [
    String(vcpu.id),
    words[vcpu.state].replaceAll(' ', '-'),
    String(vcpu.socket),
    String(vcpu.die),
    String(vcpu.cluster),
    String(vcpu.core),
    String(vcpu.thread),
    vcpu.cell === undefined ? '-' : String(vcpu.cell),
    vcpu.hostCpu === undefined ? '-' : String(vcpu.hostCpu),
    vcpu.pinning ?? '-',
    vcpu.hotpluggable ? 'yes' : 'no',
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(' ')
        .trimEnd(),
    )
    .join('\n')
}
