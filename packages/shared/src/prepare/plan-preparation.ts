import { hotplugUnitSize, vcpusPerSocket, type CpuTopology } from '../cpu-topology.ts'
import { platformSupport } from '../guest-os/platform-support.ts'
import { growthLimits, NO_SOCKET_LEFT } from '../sockets-rules/size-reasons.ts'
import { counted, refusal, vcpusInWords, type SocketsRefusal } from '../sockets-rules/sockets-refusal.ts'
import { minSocketsOf } from '../sockets-rules/sockets-options.ts'
import { standingNextBootReasons } from '../sockets-rules/standing-reasons.ts'
import type { DefinitionFacts, VmFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus, socketsMaximum } from '../sockets-rules/whole-sockets.ts'
import { proposeCeiling, type CeilingProposal, type PreparationFacts } from './ceiling.ts'
import { changedDefinition } from './changed-definition.ts'
import {
  ceilingCost,
  preparationWarnings,
  type CeilingCost,
  type PreparationWarning,
} from './preparation-warnings.ts'

/** What a person asks for; what is absent is proposed. */
export interface PreparationWish {
  readonly socketsMax?: number
  /** Sockets at the next boot. Default: as stored. */
  readonly sockets?: number
  readonly shape?: Partial<Omit<CpuTopology, 'sockets'>>
  /** Default: yes where machine and guest can give vCPUs back. */
  readonly removable?: boolean
}

/** What preparing a VM for live resize would do to its stored definition. */
export interface PreparationPlan {
  readonly allowed: boolean
  /** Every reason why not. */
  readonly reasons: readonly SocketsRefusal[]
  readonly from?: DefinitionFacts
  /** Absent when the wish itself makes no sense. */
  readonly to?: DefinitionFacts
  readonly proposal: CeilingProposal
  /** Absent when the wish itself makes no sense. */
  readonly cost?: CeilingCost
  readonly removable: boolean
  /** What changes, in sentences; empty when the definition already is as wished. */
  readonly changes: readonly string[]
  readonly warnings: readonly PreparationWarning[]
  /** Sockets between which the VM can be resized live once it runs with the new definition. */
  readonly liveRange?: { readonly min: number; readonly max: number }
  /** `next-start`: a running VM has to be shut down and started; a reboot from inside does not read the definition. */
  readonly takesEffect: 'at-start' | 'next-start'
}

const PART_WORDS = {
  dies: 'Dies in a socket',
  clusters: 'Clusters in a die',
  cores: 'Cores in a cluster',
  threads: 'Threads in a core',
} as const

function changesOf(from: DefinitionFacts, to: DefinitionFacts): string[] {
  const changes: string[] = []
  for (const part of ['dies', 'clusters', 'cores', 'threads'] as const) {
    if (from.topology[part] === to.topology[part]) continue
    // Without clusters, people know cores as parts of the socket.
    const plain = part === 'cores' && to.topology.clusters * to.topology.dies === 1
    const words = plain ? 'Cores in a socket' : PART_WORDS[part]
    changes.push(`${words}: ${to.topology[part]} instead of ${from.topology[part]}.`)
  }
  if (from.maximum !== to.maximum) {
    changes.push(
      `Room for ${counted(socketsMaximum(to), 'socket')} (${counted(to.maximum, 'vCPU')}) instead of ${counted(socketsMaximum(from), 'socket')} (${counted(from.maximum, 'vCPU')}).`,
    )
  }
  const counts = [presentVcpus(from), presentVcpus(to)] as const
  if (counts[0] !== counts[1]) changes.push(`${counted(counts[1], 'vCPU')} at start instead of ${counts[0]}.`)
  const freed = to.vcpus.filter((vcpu) => vcpu.enabled && vcpu.hotpluggable && isFixed(from, vcpu.id))
  if (freed.length > 0) {
    const ids = freed.map((vcpu) => vcpu.id)
    changes.push(
      `${vcpusInWords(ids)} ${ids.length === 1 ? 'becomes' : 'become'} removable while the VM runs.`,
    )
  }
  return changes
}

function isFixed(definition: DefinitionFacts, id: number): boolean {
  const vcpu = definition.vcpus[id]
  return vcpu !== undefined && vcpu.enabled && !vcpu.hotpluggable
}

/** Whether marking vCPUs hot-pluggable gives anything: QEMU and guest both have to let vCPUs go. */
function canShrink(vm: VmFacts): boolean {
  return platformSupport(vm.arch, vm.machine)?.unplug !== false && vm.guest.unplug !== '-'
}

function sizeReasons(vm: VmFacts, to: DefinitionFacts, from: DefinitionFacts): SocketsRefusal[] {
  const reasons: SocketsRefusal[] = []
  const { machineMaximum } = vm.host
  if (machineMaximum !== undefined && to.maximum > machineMaximum && to.maximum > from.maximum) {
    reasons.push(
      refusal('host-maximum', `Machine type ${vm.machine} takes at most ${counted(machineMaximum, 'vCPU')}.`),
    )
  }
  const present = presentVcpus(to)
  if (present > presentVcpus(from)) {
    const sockets = present / vcpusPerSocket(to.topology)
    for (const limit of growthLimits(vm)) {
      const said = reasons.some((reason) => reason.message === limit.reason.message)
      if (!said && limit.exceededBy(sockets, present)) reasons.push(limit.reason)
    }
  }
  return reasons
}

function wishReasons(wish: PreparationWish, needed: number, socketsMax: number): SocketsRefusal[] {
  const numbers = [wish.socketsMax, wish.sockets, ...Object.values(wish.shape ?? {})]
  if (numbers.some((number) => number !== undefined && !(Number.isInteger(number) && number >= 1))) {
    return [NO_SOCKET_LEFT]
  }
  if (socketsMax >= needed) return []
  return [
    refusal(
      'below-minimum',
      `The VM starts with ${counted(needed, 'socket')}, so it needs room for as many.`,
    ),
  ]
}

/** What preparing would do, with everything that speaks against it or has to be known. Changes nothing. */
export function planPreparation(facts: PreparationFacts, wish: PreparationWish = {}): PreparationPlan {
  const { vm } = facts
  const from = vm.config
  const standing = standingNextBootReasons(vm)
  const takesEffect = vm.status === 'down' ? 'at-start' : 'next-start'
  const topology = { ...(from ?? vm.live)?.topology, ...wish.shape }
  const shape: CpuTopology = { sockets: 1, dies: 1, clusters: 1, cores: 1, threads: 1, ...topology }
  const proposal = proposeCeiling(facts, shape)
  const removable = wish.removable ?? canShrink(vm)
  const refused = (reasons: readonly SocketsRefusal[]): PreparationPlan => ({
    allowed: false,
    reasons,
    ...(from && { from }),
    proposal,
    removable,
    changes: [],
    warnings: [],
    takesEffect,
  })
  if (from === undefined) return refused(standing)
  const perSocket = vcpusPerSocket(shape)
  const needed = wish.sockets ?? Math.ceil(presentVcpus(from) / perSocket)
  const socketsMax = wish.socketsMax ?? Math.max(proposal.socketsMax, needed)
  const senseless = wishReasons(wish, needed, socketsMax)
  if (senseless.length > 0) return refused([...standing, ...senseless])
  const to = changedDefinition(from, vm.arch, { ...wish, socketsMax, removable })
  const reasons = [...standing, ...sizeReasons(vm, to, from)]
  // A machine without CPU hot-plug does not start with a vCPU that is to be plugged.
  if (removable && platformSupport(vm.arch, vm.machine)?.plug === false) {
    reasons.push(
      refusal('arch-blocked', `QEMU has no CPU hot-plug for ${vm.arch} machines of type ${vm.machine}.`),
    )
  }
  const unitSize = hotplugUnitSize(vm.arch, to.topology)
  return {
    allowed: reasons.length === 0,
    reasons,
    from,
    to,
    proposal,
    removable,
    cost: ceilingCost(to),
    changes: changesOf(from, to),
    warnings: preparationWarnings(facts, to, { removable, canShrink: canShrink(vm) }),
    liveRange: { min: minSocketsOf(to, unitSize), max: socketsMaximum(to) },
    takesEffect,
  }
}
