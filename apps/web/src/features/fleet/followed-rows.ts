import type { VmSummary } from '@coreshift/shared/contract'
import type { FleetSearch } from './fleet-search.ts'
import { fleetFilter, fleetOrder } from './fleet-view.ts'

type Vms = readonly VmSummary[]

/**
 * The rows of a fleet that changes some machines at a time: filtered, searched, sorted. Sorting thousands of machines for
 * each letter that is typed or each load figure that moved would be felt. So the whole fleet is kept in order, a search
 * only picks from it, and a changed machine takes its place; only where one moves is the list, nearly sorted, sorted again.
 * @returns a function that gives the same array again where nothing shown has changed
 */
export function followRows(): (vms: Vms, search: FleetSearch) => Vms {
  const order = followOrder()
  let rows: Vms = []
  return (vms, search) => {
    const ordered = order(vms, search)
    const fits = fleetFilter(search)
    const next = fits ? ordered.filter(fits) : ordered
    if (!sameVms(next, rows)) rows = next
    return rows
  }
}

/** The whole fleet in the order of a search. */
function followOrder(): (vms: Vms, search: FleetSearch) => Vms {
  let vmsBefore: Vms = []
  let searchBefore: FleetSearch = {}
  let ordered: Vms = []
  /** Where each machine stands; made when it is first asked for. */
  let places: Map<string, number> | undefined

  function sort(vms: Vms, search: FleetSearch): void {
    ordered = vms.toSorted(fleetOrder(search))
    places = undefined
  }

  function takePlaces(changed: readonly Change[], search: FleetSearch): void {
    if (changed.length === 0) return
    places ??= new Map(ordered.map((vm, place) => [vm.uuid, place]))
    const next = [...ordered]
    for (const { vm } of changed) {
      const place = places.get(vm.uuid)
      if (place !== undefined) next[place] = vm
    }
    const compare = fleetOrder(search)
    if (changed.some(({ vm, before }) => compare(vm, before) !== 0)) sort(next, search)
    else ordered = next
  }

  return (vms, search) => {
    const sameOrder = search.sort === searchBefore.sort && search.down === searchBefore.down
    if (vms !== vmsBefore || !sameOrder) {
      const changed = sameOrder ? changesOf(vmsBefore, vms) : undefined
      if (changed) takePlaces(changed, search)
      else sort(vms, search)
    }
    vmsBefore = vms
    searchBefore = search
    return ordered
  }
}

interface Change {
  readonly before: VmSummary
  readonly vm: VmSummary
}

/** Which machines of a list are other objects than before; absent where the lists do not hold the same machines. */
function changesOf(before: Vms, after: Vms): Change[] | undefined {
  if (before.length !== after.length) return undefined
  const changed: Change[] = []
  for (let index = 0; index < after.length; index += 1) {
    const old = before[index]
    const vm = after[index]
    if (vm === old) continue
    if (!vm || vm.uuid !== old?.uuid) return undefined
    changed.push({ before: old, vm })
  }
  return changed
}

function sameVms(a: Vms, b: Vms): boolean {
  return a === b || (a.length === b.length && a.every((vm, index) => vm === b[index]))
}
