import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { rulesOf, withRules } from './vm-settings.ts'

const settings: Settings = {
  unplugEnabled: true,
  unplugDisabledHosts: ['h1'],
  unplugDisabledVms: ['b'],
  pinnedRemovalAllowed: false,
  hostCpuLimit: 'enforce',
  policies: DEFAULT_POLICIES,
  defaultPolicy: 'interactive',
  vmPolicies: { b: 'strict' },
}

describe('the rules of one VM in the settings', () => {
  it('are read', () => {
    expect(rulesOf(settings, 'a')).toEqual({ policy: undefined, mayShrink: true })
    expect(rulesOf(settings, 'b')).toEqual({ policy: 'strict', mayShrink: false })
  })

  it.each([
    ['a', { policy: 'background' as const, mayShrink: false }],
    ['b', { policy: undefined, mayShrink: true }],
    ['b', { policy: 'strict' as const, mayShrink: false }],
  ])('of %s are written as %j, and nothing else is touched', (uuid, rules) => {
    const next = withRules(settings, uuid, rules)
    const other = uuid === 'a' ? 'b' : 'a'
    expect(rulesOf(next, uuid)).toEqual(rules)
    expect(rulesOf(next, other)).toEqual(rulesOf(settings, other))
    expect({ ...next, vmPolicies: {}, unplugDisabledVms: [] }).toEqual({
      ...settings,
      vmPolicies: {},
      unplugDisabledVms: [],
    })
  })
})
