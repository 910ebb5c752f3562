import type { SocketsOption } from '../contract/sockets-options.ts'
import { vcpusPerSocket } from '../cpu-topology.ts'
import { LiveRules } from './live-rules.ts'
import { NextBootRules } from './next-boot-rules.ts'
import { SelectionLadder } from './select-vcpus.ts'
import { hostCpuWarning } from './size-reasons.ts'
import type { SocketsRefusal } from './sockets-refusal.ts'
import { verdictOf, type SocketsVerdict } from './verdict.ts'
import type { DefinitionFacts, VmFacts } from './vm-facts.ts'
import { presentVcpus, socketsMaximum } from './whole-sockets.ts'

/** The definition that counts now: of the running machine, else the stored one. */
function current(facts: VmFacts): DefinitionFacts | undefined {
  return facts.live ?? facts.config
}

/** Neighbouring values mostly have the same reasons and then share one verdict. */
function verdictSequence(): (reasons: readonly SocketsRefusal[]) => SocketsVerdict {
  let last = verdictOf([])
  return (reasons) => {
    const same =
      reasons.length === last.reasons.length &&
      reasons.every((reason, index) => reason === last.reasons[index])
    if (!same) last = verdictOf(reasons)
    return last
  }
}

/**
 * Verdicts for every number of sockets from 1 to the larger of the running and the stored maximum. Takes time
 * in proportion to the number of vCPUs.
 */
export function socketsOptions(facts: VmFacts): SocketsOption[] {
  const definition = current(facts)
  if (definition === undefined) return []
  const live = new LiveRules(facts)
  const nextBoot = new NextBootRules(facts)
  const perSocket = vcpusPerSocket(definition.topology)
  const storedPerSocket = facts.config ? vcpusPerSocket(facts.config.topology) : perSocket
  const present = presentVcpus(definition)
  const maximum = Math.max(
    ...[facts.live, facts.config].map((one) => (one === undefined ? 0 : socketsMaximum(one))),
  )
  const liveVerdict = verdictSequence()
  const nextBootVerdict = verdictSequence()
  const hostCpus = hostCpuWarning(facts)
  const warnings = hostCpus && [hostCpus.message]
  return Array.from({ length: maximum }, (_, index) => {
    const sockets = index + 1
    const option: SocketsOption = {
      sockets,
      vcpus: sockets * perSocket,
      live: liveVerdict(live.reasonsForSockets(sockets)),
      nextBoot: nextBootVerdict(nextBoot.reasonsForSockets(sockets)),
    }
    if (storedPerSocket !== perSocket) option.nextBootVcpus = sockets * storedPerSocket
    if (option.vcpus === present) option.current = true
    if (warnings && hostCpus.exceededBy(option.nextBootVcpus ?? option.vcpus)) option.warnings = warnings
    return option
  })
}

/**
 * Lowest number of sockets that a live resize of a machine with this definition can reach.
 * @param unitSize vCPUs that move together, see `hotplugUnitSize`
 */
export function minSocketsOf(definition: DefinitionFacts, unitSize: number): number {
  const { fixed } = new SelectionLadder(definition, unitSize)
  return Math.max(1, Math.ceil(fixed.length / vcpusPerSocket(definition.topology)))
}

/**
 * Lowest number of sockets that a live resize can reach: a property of the definition alone, the running one
 * or, of a VM that is down, the stored one.
 */
export function minLiveSockets(facts: VmFacts): number {
  const definition = current(facts)
  return definition === undefined ? 1 : minSocketsOf(definition, facts.unitSize)
}
