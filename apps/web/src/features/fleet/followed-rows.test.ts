import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fleetOf } from '../../../stories/fixtures.ts'
import type { VmSummary } from '@coreshift/shared/contract'
import { FLEET_FILTERS, FLEET_SORTS, readFleetSearch, type FleetSearch } from './fleet-search.ts'
import { fleetFilter, fleetOrder } from './fleet-view.ts'
import { followRows } from './followed-rows.ts'

/** What the rows have to be, made anew. */
const rowsOf = (vms: readonly VmSummary[], search: FleetSearch) =>
  vms.filter(fleetFilter(search) ?? (() => true)).sort(fleetOrder(search))

const change = fc.oneof(
  fc.record({ loadPercent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ status: fc.constantFrom('up' as const, 'down' as const) }),
  fc.record({ pendingVcpus: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ stuckVcpus: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ name: fc.constantFrom('a', 'web-2', 'zz') }),
  fc.constant('removed' as const),
)

describe('rows that follow a fleet', () => {
  it('are those that sorting everything anew would give, whatever changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FLEET_SORTS),
        fc.constantFrom(...FLEET_FILTERS),
        fc.boolean(),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), change), { maxLength: 12 }),
        (sort, show, down, changes) => {
          const search = readFleetSearch({ sort, show, down })
          const follow = followRows()
          let vms = fleetOf(20)
          expect(follow(vms, search)).toEqual(rowsOf(vms, search))
          for (const [index, what] of changes) {
            vms = vms.flatMap((vm, at) =>
              at !== index ? [vm] : what === 'removed' ? [] : [{ ...vm, ...what }],
            )
            expect(follow(vms, search)).toEqual(rowsOf(vms, search))
          }
        },
      ),
    )
  })

  it('are those of the new search, however the one before was filtered and sorted', () => {
    const searches = fc.record(
      {
        q: fc.constantFrom('web', 'lab 1', 'nothing'),
        show: fc.constantFrom(...FLEET_FILTERS),
        sort: fc.constantFrom(...FLEET_SORTS),
        down: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(searches, { maxLength: 6 }), (all) => {
        const follow = followRows()
        const vms = fleetOf(30)
        for (const search of all.map(readFleetSearch)) {
          expect(follow(vms, search)).toEqual(rowsOf(vms, search))
        }
      }),
    )
  })

  it('stay the same where nothing that is shown changed', () => {
    const search = readFleetSearch({ show: 'stuck' })
    const follow = followRows()
    const vms = fleetOf(40)
    const rows = follow(vms, search)
    const hidden = vms.find((vm) => !rows.includes(vm))
    const next = vms.map((vm) => (vm === hidden ? { ...vm, loadPercent: 1 } : vm))
    expect(follow(next, search)).toBe(rows)
  })

  it('leave every other machine the same object', () => {
    const follow = followRows()
    const search = readFleetSearch({})
    const vms = fleetOf(10)
    const before = follow(vms, search)
    const after = follow(
      vms.map((vm, index) => (index === 3 ? { ...vm, loadPercent: 99 } : vm)),
      search,
    )
    expect(after.filter((vm, index) => vm !== before[index]).map((vm) => vm.uuid)).toEqual([vms[3]?.uuid])
  })
})
