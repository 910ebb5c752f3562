import { formatVcpuRanges, unitOf } from '@coreshift/shared'
import type { SteadyVcpu, SteadyVm } from '../steady-vm.ts'

/** The vCPUs that a person has chosen to go. */
export interface RemovalChoice {
  readonly chosen: ReadonlySet<number>
  /** The vCPU that was pressed last: a press with the shift key goes on from there. */
  readonly last: number | undefined
}

export type ChoiceAction =
  | { readonly kind: 'begin' | 'end' }
  /** A press on one vCPU; with `extend` all from the last one up to it are chosen. */
  | { readonly kind: 'press'; readonly id: number; readonly extend: boolean }
  | { readonly kind: 'socket'; readonly socket: number }
  | { readonly kind: 'exactly'; readonly ids: readonly number[] }

/** Whether a person may point at this vCPU to have it removed; the server judges the whole choice. */
export function isChoosable(vcpu: SteadyVcpu): boolean {
  return vcpu.hotpluggable && (vcpu.state === 'present' || vcpu.state === 'guest-offline')
}

/** The choice after an action. vCPUs that move together are chosen together, and none that is fixed. */
export function changeChoice(
  vm: SteadyVm,
  choice: RemovalChoice | undefined,
  action: ChoiceAction,
): RemovalChoice | undefined {
  switch (action.kind) {
    case 'begin':
      return { chosen: new Set(), last: undefined }
    case 'end':
      return undefined
    case 'exactly':
      return { chosen: new Set(unitsOf(vm, action.ids)), last: undefined }
    case 'socket': {
      const ids = vm.vcpus
        .filter((vcpu) => vcpu.socket === action.socket && isChoosable(vcpu))
        .map(({ id }) => id)
      return choice && { chosen: toggled(choice.chosen, unitsOf(vm, ids)), last: undefined }
    }
    case 'press': {
      if (!choice) return undefined
      const from = action.extend ? choice.last : undefined
      return from === undefined
        ? { chosen: toggled(choice.chosen, unitsOf(vm, [action.id])), last: action.id }
        : {
            chosen: new Set([...choice.chosen, ...unitsOf(vm, idsBetween(from, action.id))]),
            last: action.id,
          }
    }
  }
}

function idsBetween(a: number, b: number): number[] {
  return Array.from({ length: Math.abs(a - b) + 1 }, (_, index) => Math.min(a, b) + index)
}

/** All of `ids` out if all of them are in, else all in. */
function toggled(chosen: ReadonlySet<number>, ids: readonly number[]): ReadonlySet<number> {
  const next = new Set(chosen)
  const areIn = ids.every((id) => chosen.has(id))
  for (const id of ids) {
    if (areIn) next.delete(id)
    else next.add(id)
  }
  return next
}

/** The choosable vCPUs of the units that the ids belong to. */
function unitsOf(vm: SteadyVm, ids: readonly number[]): number[] {
  const units = new Set(ids.map((id) => unitOf(id, vm.vcpusPerUnit)))
  return vm.vcpus
    .filter((vcpu) => units.has(unitOf(vcpu.id, vm.vcpusPerUnit)) && isChoosable(vcpu))
    .map(({ id }) => id)
}

/** What is still there of a choice: vCPUs that went meanwhile are no longer chosen. */
export function stillChosen(vm: SteadyVm, chosen: ReadonlySet<number>): number[] {
  return vm.vcpus.filter((vcpu) => chosen.has(vcpu.id) && isChoosable(vcpu)).map((vcpu) => vcpu.id)
}

/** vCPU ids as people write them, `4-7, 12`. */
type WrittenIds =
  | { readonly kind: 'ids'; readonly ids: readonly number[] }
  | { readonly kind: 'not-ids' }
  /** Written well, but these cannot be removed while the machine runs. */
  | { readonly kind: 'not-removable'; readonly ids: string }

/** Reads what a person wrote as the vCPUs to remove. */
export function readVcpuIds(vm: SteadyVm, text: string): WrittenIds {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  const ids: number[] = []
  for (const part of parts) {
    const range = /^(\d{1,5})(?:[-–](\d{1,5}))?$/.exec(part)
    if (!range) return { kind: 'not-ids' }
    const from = Number(range[1])
    const to = Number(range[2] ?? range[1])
    if (to < from || to >= vm.vcpus.length) return { kind: 'not-ids' }
    ids.push(...idsBetween(from, to))
  }
  const closed = ids.filter((id) => {
    const vcpu = vm.vcpus[id]
    return !vcpu || !isChoosable(vcpu)
  })
  return closed.length > 0 ? { kind: 'not-removable', ids: formatVcpuRanges(closed) } : { kind: 'ids', ids }
}
