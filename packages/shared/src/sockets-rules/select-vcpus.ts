import { unitOf } from '../cpu-topology.ts'
import type { DefinitionFacts, VcpuFacts } from './vm-facts.ts'

/** vCPUs that a request moves, lowest id first. */
export interface VcpuSelection {
  readonly ok: true
  readonly add: readonly number[]
  readonly remove: readonly number[]
}

/**
 * Why no set of vCPUs makes the wanted count.
 *
 * - `zero`: a machine keeps at least one vCPU.
 * - `above-maximum`: more than the definition's maximum.
 * - `granularity`: vCPUs move in units, and the count falls inside one.
 * - `not-enough-removable`: what may be removed does not suffice.
 */
export type SelectionProblem = 'zero' | 'above-maximum' | 'granularity' | 'not-enough-removable'

/** vCPUs that move together, lowest id first. */
type Unit = readonly number[]

function unitsOf(definition: DefinitionFacts, unitSize: number): VcpuFacts[][] {
  const units: VcpuFacts[][] = []
  for (const vcpu of definition.vcpus) {
    const last = units.at(-1)
    if (last === undefined || unitOf(vcpu.id, unitSize) === vcpu.id) units.push([vcpu])
    else last.push(vcpu)
  }
  return units
}

/**
 * The order in which vCPUs come or go. A count can be reached where a unit ends: after `order.length` vCPUs,
 * or after any other number for which `ends` is 1.
 */
class Steps {
  readonly order: number[] = []
  readonly #ends: Uint8Array

  constructor(maximum: number) {
    this.#ends = new Uint8Array(maximum + 1)
    this.#ends[0] = 1
  }

  push(unit: readonly VcpuFacts[]): void {
    for (const vcpu of unit) this.order.push(vcpu.id)
    this.#ends[this.order.length] = 1
  }

  endsAt(count: number): boolean {
    return this.#ends[count] === 1
  }

  take(count: number): number[] {
    return this.order.slice(0, count).sort((a, b) => a - b)
  }
}

/**
 * The steps libvirt takes up and down from the present count, made once and then asked for any count. A plug
 * fills the lowest empty units first; an unplug takes the highest present units that are hot-pluggable and
 * passes over the others. Source of the rule: libvirt, `qemuDomainSelectHotplugVcpuEntities` in
 * src/qemu/qemu_hotplug.c (since 2.2.0).
 */
export class SelectionLadder {
  readonly present: number
  /** vCPUs that no live removal reaches, lowest id first. */
  readonly fixed: readonly number[]
  readonly #maximum: number
  readonly #plug: Steps
  readonly #unplug: Steps

  constructor(definition: DefinitionFacts, unitSize: number) {
    const units = unitsOf(definition, unitSize)
    this.#maximum = definition.maximum
    this.#plug = new Steps(definition.maximum)
    this.#unplug = new Steps(definition.maximum)
    const fixed: number[] = []
    let present = 0
    for (const unit of units) {
      const enabled = unit.filter((vcpu) => vcpu.enabled)
      present += enabled.length
      if (enabled.length === 0) this.#plug.push(unit)
      else if (!isRemovable(unit)) for (const vcpu of enabled) fixed.push(vcpu.id)
    }
    for (const unit of units.reverse()) if (isRemovable(unit)) this.#unplug.push(unit)
    this.present = present
    this.fixed = fixed
  }

  /** vCPUs that a live removal could take, in the order libvirt takes their units, the highest first. */
  get removable(): readonly number[] {
    return this.#unplug.order
  }

  /** What stands in the way of a count, without making the list of vCPUs; takes constant time. */
  problemOf(targetVcpus: number): SelectionProblem | undefined {
    if (targetVcpus <= 0) return 'zero'
    if (targetVcpus > this.#maximum) return 'above-maximum'
    if (targetVcpus < this.fixed.length) return 'not-enough-removable'
    const steps = targetVcpus > this.present ? this.#plug : this.#unplug
    return steps.endsAt(Math.abs(targetVcpus - this.present)) ? undefined : 'granularity'
  }

  select(targetVcpus: number): VcpuSelection | { readonly ok: false; readonly problem: SelectionProblem } {
    const problem = this.problemOf(targetVcpus)
    if (problem) return { ok: false, problem }
    return targetVcpus > this.present
      ? { ok: true, add: this.#plug.take(targetVcpus - this.present), remove: [] }
      : { ok: true, add: [], remove: this.#unplug.take(this.present - targetVcpus) }
  }
}

/** vCPU 0 is started with the machine (libvirt 12.8.0: "vcpu0 can't be hotpluggable"). */
function isRemovable(unit: readonly VcpuFacts[]): boolean {
  return unit[0]?.id !== 0 && unit.every((vcpu) => vcpu.enabled && vcpu.hotpluggable)
}

/**
 * Which vCPUs libvirt adds or removes for a count in a running machine.
 * @param unitSize vCPUs that move together, see `hotplugUnitSize`
 */
export function selectVcpusForCount(
  definition: DefinitionFacts,
  unitSize: number,
  targetVcpus: number,
): VcpuSelection | { readonly ok: false; readonly problem: SelectionProblem } {
  return new SelectionLadder(definition, unitSize).select(targetVcpus)
}

/**
 * Why chosen vCPUs cannot be removed, with the ids it is about.
 *
 * - `not-present`: no such vCPU, or it is not enabled.
 * - `not-hotpluggable`: vCPU 0, or present at boot without being marked hot-pluggable.
 * - `partial-unit`: these belong to a chosen unit and were not chosen.
 * - `nothing-left`: no vCPU would remain.
 */
export interface ChosenProblem {
  readonly problem: 'not-present' | 'not-hotpluggable' | 'partial-unit' | 'nothing-left'
  readonly vcpus: readonly number[]
}

/**
 * Removal of chosen vCPUs: whole units, each of them hot-pluggable. libvirt takes one unit per call
 * ("only one hotpluggable entity can be selected", 12.8.0), so `units` is also the list of calls to make.
 * @returns every problem, not only the first
 */
export function selectChosenVcpus(
  definition: DefinitionFacts,
  unitSize: number,
  ids: readonly number[],
):
  | (VcpuSelection & { readonly units: readonly Unit[] })
  | { readonly ok: false; readonly problems: readonly ChosenProblem[] } {
  const chosen = new Set(ids)
  const isPresent = (id: number) => definition.vcpus[id]?.enabled === true
  const touched = unitsOf(definition, unitSize).filter((unit) => unit.some((vcpu) => chosen.has(vcpu.id)))
  const problems: ChosenProblem[] = []
  const report = (problem: ChosenProblem['problem'], vcpus: readonly number[]) => {
    if (vcpus.length > 0) problems.push({ problem, vcpus: vcpus.toSorted((a, b) => a - b) })
  }
  report(
    'not-present',
    [...chosen].filter((id) => !isPresent(id)),
  )
  report(
    'not-hotpluggable',
    touched.flatMap((unit) =>
      unit
        .filter((vcpu) => chosen.has(vcpu.id) && vcpu.enabled)
        .filter((vcpu) => unit[0]?.id === 0 || !vcpu.hotpluggable)
        .map((vcpu) => vcpu.id),
    ),
  )
  report(
    'partial-unit',
    touched.flatMap((unit) =>
      unit.filter((vcpu) => vcpu.enabled && !chosen.has(vcpu.id)).map((vcpu) => vcpu.id),
    ),
  )
  if (definition.vcpus.every((vcpu) => !vcpu.enabled || chosen.has(vcpu.id)))
    report('nothing-left', [...chosen])
  if (problems.length > 0) return { ok: false, problems }
  const units = touched.map((unit) => unit.map((vcpu) => vcpu.id))
  return { ok: true, add: [], remove: units.flat(), units }
}
