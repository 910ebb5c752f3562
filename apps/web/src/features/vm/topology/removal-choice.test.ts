import { describe, expect, it } from 'vitest'
import { vmWith } from '../../../../stories/fixtures.ts'
import { isChoosable, removalRequest, stillChosen, toggleUnit } from './removal-choice.ts'

const vm = vmWith({ states: { 7: 'pending-removal' } }, { vcpusPerUnit: 2 })

describe('the choice of vCPUs to remove', () => {
  it.each([
    [0, false],
    [4, true],
    [7, false],
    [9, false],
  ])('vCPU %i may be chosen: %s', (id, expected) => {
    const vcpu = vm.vcpus[id]
    expect(vcpu && isChoosable(vcpu)).toBe(expected)
  })

  it('takes what moves together, and gives it back together', () => {
    const chosen = toggleUnit(vm, new Set(), 5)
    expect([...chosen]).toEqual([4, 5])
    expect([...toggleUnit(vm, chosen, 4)]).toEqual([])
  })

  it('forgets what went meanwhile', () => {
    expect(stillChosen(vm, new Set([4, 5, 7, 9]))).toEqual([4, 5])
  })

  it('is a request for the running machine that names the acknowledgement only when given', () => {
    expect(removalRequest([4, 5], false)).toEqual({ removeVcpus: [4, 5], mode: 'live' })
    expect(removalRequest([4], true).acknowledge).toEqual(['unverified-guest-os'])
  })
})
