import { vcpusPerSocket } from '../cpu-topology.ts'
import { plugReasons, unplugReasons } from './direction-reasons.ts'
import { SelectionLadder, selectChosenVcpus } from './select-vcpus.ts'
import { growthLimits, NO_SOCKET_LEFT, type SizeLimit } from './size-reasons.ts'
import { counted, REASON_VCPUS_MAX, refusal, type SocketsRefusal } from './sockets-refusal.ts'
import { standingLiveReasons } from './standing-reasons.ts'
import {
  absentReason,
  FIRST_VCPU_REASON,
  fixedReason,
  incompleteSocketReason,
  pinnedReason,
} from './vcpu-reasons.ts'
import type { DefinitionFacts, VmFacts } from './vm-facts.ts'
import { incompleteSockets } from './whole-sockets.ts'

/** The running machine, looked at once; each value is then judged in constant time. */
class LiveGround {
  readonly definition: DefinitionFacts
  readonly perSocket: number
  readonly ladder: SelectionLadder
  /** How many of the first n vCPUs of the removal order are pinned. */
  readonly #pinnedAmong: Uint32Array
  readonly #pinnedInOrder: readonly number[]
  readonly #pinnedReasons = new Map<number, SocketsRefusal>()
  readonly #fixed: SocketsRefusal
  readonly #aboveMaximum: SocketsRefusal
  readonly #granularity: SocketsRefusal

  constructor(facts: VmFacts, definition: DefinitionFacts) {
    this.definition = definition
    this.perSocket = vcpusPerSocket(definition.topology)
    this.ladder = new SelectionLadder(definition, facts.unitSize)
    const isPinned = (id: number) => definition.vcpus[id]?.pinning !== undefined
    const order = facts.settings.pinnedRemovalAllowed ? [] : this.ladder.removable
    this.#pinnedInOrder = order.filter(isPinned)
    this.#pinnedAmong = new Uint32Array(this.ladder.removable.length + 1)
    order.forEach((id, index) => {
      this.#pinnedAmong[index + 1] = (this.#pinnedAmong[index] ?? 0) + (isPinned(id) ? 1 : 0)
    })
    // The first socket's worth of fixed vCPUs stays in any case, the others are what stands in the way.
    this.#fixed = fixedReason(this.ladder.fixed.slice(this.perSocket))
    const socketsMax = Math.floor(definition.maximum / this.perSocket)
    const storedMaximum = facts.config?.maximum ?? 0
    this.#aboveMaximum = refusal(
      'above-maximum',
      `The running VM can have at most ${counted(socketsMax, 'socket')} (${counted(definition.maximum, 'vCPU')}).`,
      {
        unlock:
          storedMaximum > definition.maximum
            ? ['use-next-boot', 'prepare-for-live-resize']
            : ['prepare-for-live-resize'],
      },
    )
    this.#granularity = refusal(
      'not-a-whole-socket',
      `The vCPUs of this machine come and go ${facts.unitSize} at a time, and this value would split such a group.`,
      { unlock: ['use-next-boot'] },
    )
  }

  /** Reasons of the definition itself against a count. */
  reasonsFor(vcpus: number): SocketsRefusal[] {
    const reasons: SocketsRefusal[] = []
    const problem = this.ladder.problemOf(vcpus)
    if (problem === 'above-maximum') reasons.push(this.#aboveMaximum)
    if (problem === 'not-enough-removable') reasons.push(this.#fixed)
    if (problem === 'granularity') reasons.push(this.#granularity)
    const pinned = this.#pinnedReason(this.ladder.present - vcpus)
    if (pinned) reasons.push(pinned)
    return reasons
  }

  #pinnedReason(removals: number): SocketsRefusal | undefined {
    const last = this.#pinnedAmong.length - 1
    const count = this.#pinnedAmong[Math.max(0, Math.min(removals, last))] ?? 0
    if (count === 0) return undefined
    const named = Math.min(count, REASON_VCPUS_MAX)
    const key = count > named ? named + 1 : named
    const known = this.#pinnedReasons.get(key)
    if (known) return known
    const made = pinnedReason(this.#pinnedInOrder.slice(0, named), count > named)
    this.#pinnedReasons.set(key, made)
    return made
  }
}

/** What a live resize of one VM may do. */
export class LiveRules {
  readonly #facts: VmFacts
  readonly #ground: LiveGround | undefined
  readonly #standing: readonly SocketsRefusal[]
  readonly #plug: readonly SocketsRefusal[]
  readonly #unplug: readonly SocketsRefusal[]
  readonly #limits: readonly SizeLimit[]

  /** @param replaces id of the open resize that the request takes over */
  constructor(facts: VmFacts, replaces?: string) {
    this.#facts = facts
    this.#ground = facts.live && new LiveGround(facts, facts.live)
    this.#standing = standingLiveReasons(facts, replaces)
    this.#plug = plugReasons(facts)
    this.#unplug = unplugReasons(facts)
    this.#limits = growthLimits(facts)
  }

  /** Every reason against a number of sockets, in constant time. */
  reasonsForSockets(sockets: number): SocketsRefusal[] {
    if (sockets < 1) return [...this.#standing, NO_SOCKET_LEFT]
    const ground = this.#ground
    if (ground === undefined) return [...this.#standing]
    const vcpus = sockets * ground.perSocket
    const present = ground.ladder.present
    if (vcpus === present) return [...this.#standing]
    const reasons = [...this.#standing, ...(vcpus > present ? this.#plug : this.#unplug)]
    reasons.push(...ground.reasonsFor(vcpus))
    if (vcpus > present) {
      for (const limit of this.#limits) if (limit.exceededBy(sockets, vcpus)) reasons.push(limit.reason)
    }
    return reasons
  }

  /** Every reason against the removal of chosen vCPUs. */
  reasonsForRemoval(ids: readonly number[]): SocketsRefusal[] {
    const ground = this.#ground
    if (ground === undefined) return [...this.#standing]
    const { definition } = ground
    const reasons = [...this.#standing, ...this.#unplug]
    const selection = selectChosenVcpus(definition, this.#facts.unitSize, ids)
    const problems = new Map(selection.ok ? [] : selection.problems.map((one) => [one.problem, one.vcpus]))
    const absent = problems.get('not-present')
    if (absent) reasons.push(absentReason(absent))
    const fixed = problems.get('not-hotpluggable') ?? []
    if (fixed.includes(0)) reasons.push(FIRST_VCPU_REASON)
    const fixedAtBoot = fixed.filter((id) => id !== 0)
    if (fixedAtBoot.length > 0) reasons.push(fixedReason(fixedAtBoot))
    const missing = new Set([...(problems.get('partial-unit') ?? []), ...incompleteSockets(definition, ids)])
    if (missing.size > 0) reasons.push(incompleteSocketReason([...missing].sort((a, b) => a - b)))
    if (problems.has('nothing-left')) reasons.push(NO_SOCKET_LEFT)
    const pinned = this.#facts.settings.pinnedRemovalAllowed
      ? []
      : ids.filter((id) => definition.vcpus[id]?.enabled && definition.vcpus[id].pinning !== undefined)
    if (pinned.length > 0) reasons.push(pinnedReason(pinned, false))
    return reasons
  }
}
