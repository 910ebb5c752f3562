import { SelectionLadder } from '../sockets-rules/select-vcpus.ts'
import { vcpusInWords } from '../sockets-rules/sockets-refusal.ts'
import type { DefinitionFacts, VmFacts } from '../sockets-rules/vm-facts.ts'

/**
 * What a live removal could do with one vCPU slot.
 *
 * - `removable`: present and hot-pluggable.
 * - `fixed`: present, stays as long as the machine runs.
 * - `pinned`: hot-pluggable, but kept because it is pinned.
 * - `absent`: an empty slot.
 */
export const REMOVABILITIES = ['removable', 'fixed', 'pinned', 'absent'] as const
export type Removability = (typeof REMOVABILITIES)[number]

export interface VcpuForecast {
  readonly id: number
  /** Absent while the VM is down. */
  readonly now?: Removability
  /** Absent for a transient VM, which has no next boot. */
  readonly nextBoot?: Removability
}

export interface RemovabilityForecast {
  readonly vcpus: readonly VcpuForecast[]
  /** Removable now and fixed after the next boot: added while running, not marked in the stored definition. */
  readonly becomeFixed: readonly number[]
  /** Fixed now and removable after the next boot. */
  readonly becomeRemovable: readonly number[]
  /** What a person should know, in sentences. */
  readonly warnings: readonly string[]
}

function removabilityOf(
  definition: DefinitionFacts,
  unitSize: number,
  pinnedMayGo: boolean,
): (id: number) => Removability {
  const removable = new Set(new SelectionLadder(definition, unitSize).removable)
  return (id) => {
    const vcpu = definition.vcpus[id]
    if (!vcpu?.enabled) return 'absent'
    if (!removable.has(id)) return 'fixed'
    return vcpu.pinning !== undefined && !pinnedMayGo ? 'pinned' : 'removable'
  }
}

/** What each vCPU slot is good for, now and after the next boot. */
export function forecastRemovability(facts: VmFacts): RemovabilityForecast {
  const { live, config, unitSize, settings } = facts
  const now = live && removabilityOf(live, unitSize, settings.pinnedRemovalAllowed)
  const next = config && removabilityOf(config, unitSize, settings.pinnedRemovalAllowed)
  const slots = Math.max(live?.maximum ?? 0, config?.maximum ?? 0)
  const vcpus = Array.from({ length: slots }, (_, id) => ({
    id,
    ...(now && { now: now(id) }),
    ...(next && { nextBoot: next(id) }),
  }))
  const moves = (from: readonly Removability[], to: Removability) =>
    vcpus.filter((vcpu) => vcpu.now && from.includes(vcpu.now) && vcpu.nextBoot === to).map((vcpu) => vcpu.id)
  const becomeFixed = moves(['removable', 'pinned'], 'fixed')
  const becomeRemovable = moves(['fixed'], 'removable')
  const warnings =
    becomeFixed.length === 0
      ? []
      : [
          `${vcpusInWords(becomeFixed)} can be removed now and will be fixed after the next boot: the stored definition does not mark ${becomeFixed.length === 1 ? 'it' : 'them'} hot-pluggable.`,
        ]
  return { vcpus, becomeFixed, becomeRemovable, warnings }
}
