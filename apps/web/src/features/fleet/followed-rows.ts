import type { VmSummary } from '@coreshift/shared/contract'
import type { FleetSearch } from './fleet-search.ts'
import { fleetRows, fleetRules } from './fleet-view.ts'

/**
 * The rows of a fleet that changes some machines at a time. Sorting thousands of machines for each change of one load
 * figure would be felt; as long as no change moves a row, the changed machines only take their places.
 * @returns a function that gives the same rows as `fleetRows`, and the same array where nothing changed
 */
export function followRows(): (vms: readonly VmSummary[], search: FleetSearch) => readonly VmSummary[] {
  let vmsBefore: readonly VmSummary[] = []
  let searchBefore: FleetSearch | undefined
  let rows: readonly VmSummary[] = []
  let places: Map<string, number> | undefined

  function takePlaces(vms: readonly VmSummary[], search: FleetSearch): boolean {
    if (search !== searchBefore || vms.length !== vmsBefore.length) return false
    const { fits, compare } = fleetRules(search)
    const changed: [place: number, vm: VmSummary][] = []
    for (let index = 0; index < vms.length; index += 1) {
      const vm = vms[index]
      const before = vmsBefore[index]
      if (vm === before || !vm) continue
      if (!before || vm.uuid !== before.uuid) return false
      const isShown = fits(vm)
      if (isShown !== fits(before)) return false
      if (!isShown) continue
      if (compare(vm, before) !== 0) return false
      places ??= new Map(rows.map((row, place) => [row.uuid, place]))
      const place = places.get(vm.uuid)
      if (place === undefined) return false
      changed.push([place, vm])
    }
    if (changed.length === 0) return true
    const next = [...rows]
    for (const [place, vm] of changed) next[place] = vm
    rows = next
    return true
  }

  return (vms, search) => {
    if (vms !== vmsBefore || search !== searchBefore) {
      if (!takePlaces(vms, search)) {
        rows = fleetRows(vms, search)
        places = undefined
      }
      vmsBefore = vms
      searchBefore = search
    }
    return rows
  }
}
