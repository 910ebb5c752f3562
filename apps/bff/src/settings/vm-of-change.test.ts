import type { Settings } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../store/settings-repository.ts'
import { vmOfChange } from './vm-of-change.ts'

const cases: readonly {
  readonly what: string
  readonly before?: Partial<Settings>
  readonly after?: Partial<Settings>
  readonly vm: string | undefined
}[] = [
  { what: 'a switch that goes off', after: { unplugDisabledVms: ['a'] }, vm: 'a' },
  {
    what: 'a switch that goes on again',
    before: { unplugDisabledVms: ['b', 'a'] },
    after: { unplugDisabledVms: ['b'] },
    vm: 'a',
  },
  { what: 'a policy', after: { vmPolicies: { a: 'interactive' } }, vm: 'a' },
  {
    what: 'a policy that becomes the usual one again',
    before: { vmPolicies: { a: 'interactive' } },
    vm: 'a',
  },
  {
    what: 'switch and policy of one VM, and a setting for all',
    after: { unplugDisabledVms: ['a'], vmPolicies: { a: 'interactive' }, unplugEnabled: false },
    vm: 'a',
  },
  { what: 'two VMs', after: { unplugDisabledVms: ['a'], vmPolicies: { b: 'interactive' } }, vm: undefined },
  {
    what: 'another order',
    before: { unplugDisabledVms: ['a', 'b'] },
    after: { unplugDisabledVms: ['b', 'a'] },
    vm: undefined,
  },
  { what: 'a setting for all', after: { unplugEnabled: false }, vm: undefined },
]

describe('the VM that a change of the settings is about', () => {
  it.each(cases)('$what: $vm', ({ before, after, vm }) => {
    expect(vmOfChange({ ...DEFAULT_SETTINGS, ...before }, { ...DEFAULT_SETTINGS, ...after })).toBe(vm)
  })
})
