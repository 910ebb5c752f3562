import { vcpusPerSocket } from '../cpu-topology.ts'
import { growthLimits, NO_SOCKET_LEFT, type SizeLimit } from './size-reasons.ts'
import { counted, refusal, vcpusInWords, type SocketsRefusal } from './sockets-refusal.ts'
import { standingNextBootReasons } from './standing-reasons.ts'
import { absentReason, FIRST_VCPU_REASON, incompleteSocketReason } from './vcpu-reasons.ts'
import type { DefinitionFacts, VmFacts } from './vm-facts.ts'
import { incompleteSockets, presentVcpus, socketsMaximum } from './whole-sockets.ts'

/**
 * What a change of the stored definition may do. The guest's system does not matter here: it finds the new
 * number at its next boot. The limits of its edition do.
 */
export class NextBootRules {
  readonly #standing: readonly SocketsRefusal[]
  readonly #limits: readonly SizeLimit[]
  readonly #config: DefinitionFacts | undefined
  readonly #present: number
  readonly #aboveMaximum: SocketsRefusal | false | undefined

  /** @param replaces id of the open resize that the request takes over */
  constructor(facts: VmFacts, replaces?: string) {
    this.#standing = standingNextBootReasons(facts, replaces)
    this.#limits = growthLimits(facts)
    const config = facts.config
    this.#config = config
    this.#present = config ? presentVcpus(config) : 0
    // Of a VM that is down the room is raised with the sockets; below a running one it is prepared on purpose.
    this.#aboveMaximum =
      config &&
      facts.status !== 'down' &&
      refusal(
        'above-maximum',
        `The stored definition has room for ${counted(socketsMaximum(config), 'socket')} (${counted(config.maximum, 'vCPU')}).`,
        { unlock: ['prepare-for-live-resize'] },
      )
  }

  /** Every reason against a number of sockets, in constant time. */
  reasonsForSockets(sockets: number): SocketsRefusal[] {
    if (sockets < 1) return [...this.#standing, NO_SOCKET_LEFT]
    if (this.#config === undefined) return [...this.#standing]
    const vcpus = sockets * vcpusPerSocket(this.#config.topology)
    const reasons = [...this.#standing]
    if (vcpus > this.#config.maximum && this.#aboveMaximum) reasons.push(this.#aboveMaximum)
    if (vcpus > this.#present) {
      for (const limit of this.#limits) if (limit.exceededBy(sockets, vcpus)) reasons.push(limit.reason)
    }
    return reasons
  }

  /** Every reason against leaving chosen vCPUs out of the next boot. */
  reasonsForRemoval(ids: readonly number[]): SocketsRefusal[] {
    const reasons = [...this.#standing]
    const config = this.#config
    if (config === undefined) return reasons
    const chosen = new Set(ids)
    const absent = [...chosen].filter((id) => config.vcpus[id]?.enabled !== true)
    if (absent.length > 0) reasons.push(absentReason(absent))
    if (chosen.has(0)) reasons.push(FIRST_VCPU_REASON)
    const missing = incompleteSockets(config, ids)
    if (missing.length > 0) reasons.push(incompleteSocketReason(missing))
    const left = config.vcpus.filter((vcpu) => vcpu.enabled && !chosen.has(vcpu.id))
    if (left.length === 0) reasons.push(NO_SOCKET_LEFT)
    // libvirt 12.8.0: "vcpu '1' can't be modified as it is followed by non-hotpluggable online vcpus".
    const lastFixed = left.findLast((vcpu) => !vcpu.hotpluggable)?.id ?? 0
    const holes = config.vcpus.filter((vcpu) => vcpu.enabled && chosen.has(vcpu.id) && vcpu.id < lastFixed)
    if (holes.length > 0) {
      const holeIds = holes.map((vcpu) => vcpu.id)
      reasons.push(
        refusal(
          'vcpu-not-hotpluggable',
          `${vcpusInWords(holeIds)} cannot be left out of the next boot while vCPU ${lastFixed} is fixed: fixed vCPUs have to be the lowest.`,
          { unlock: ['prepare-for-live-resize'], vcpus: holeIds },
        ),
      )
    }
    return reasons
  }
}
