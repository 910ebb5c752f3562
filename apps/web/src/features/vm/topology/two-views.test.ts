import { describe, expect, it } from 'vitest'
import { ago, vmWith } from '../../../../stories/fixtures.ts'
import { twoViews } from './two-views.ts'

const { vcpus } = vmWith({ present: 8, states: { 7: 'pending-removal', 8: 'adding', 9: 'removed' } })

describe('the two views of the CPUs', () => {
  it('count what either side has', () => {
    const guest = { source: 'agent' as const, vcpus: '0-7', online: '0-3, 5', offlinable: '', readAt: ago(1) }
    expect(twoViews(vcpus, guest)).toEqual([
      { what: 'known', hypervisor: { ids: '0-7', count: 8 }, guest: { ids: '0-7', count: 8 } },
      { what: 'online', hypervisor: { ids: '0-7', count: 8 }, guest: { ids: '0-3, 5', count: 5 } },
      { what: 'removable', hypervisor: { ids: '4-6', count: 3 }, guest: { ids: '', count: 0 } },
    ])
  })
})
