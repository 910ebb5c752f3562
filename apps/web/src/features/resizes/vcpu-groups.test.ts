import { describe, expect, it } from 'vitest'
import { operationWith, vmWith } from '../../../stories/fixtures.ts'
import { vcpuGroups } from './vcpu-groups.ts'

describe('the vCPUs of an operation', () => {
  it('stand in one line where they went the same way at the same moment', () => {
    const { vcpus } = operationWith(vmWith({}), [
      [4, 'pending-removal', 12, 2],
      [5, 'pending-removal', 12, 2],
      [6, 'refused', 11, 1, 'its last online CPU'],
      [7, 'removed', 11.69],
    ])
    expect(vcpuGroups(vcpus).map(({ ids, state, attempts, error }) => [ids, state, attempts, error])).toEqual(
      [
        ['4-5', 'pending-removal', 2, undefined],
        ['7', 'removed', 1, undefined],
        ['6', 'refused', 1, 'its last online CPU'],
      ],
    )
  })
})
