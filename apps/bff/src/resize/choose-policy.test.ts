import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { DEFAULT_SETTINGS } from '../store/settings-repository.ts'
import { choosePolicy } from './choose-policy.ts'

const place = { vm: 'vm-1', host: 'host-1' }
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  defaultPolicy: 'interactive',
  hostPolicies: { 'host-1': 'background' },
  vmPolicies: { 'vm-1': 'strict' },
}

describe('choosePolicy', () => {
  it.each([
    {
      what: 'the request before all',
      place,
      request: { policy: 'background' as const },
      preset: 'background',
      from: 'request',
    },
    { what: 'the VM before its host', place, request: {}, preset: 'strict', from: 'vm' },
    {
      what: 'the host before the global one',
      place: { ...place, vm: 'vm-2' },
      request: {},
      preset: 'background',
      from: 'host',
    },
    {
      what: 'the global one last',
      place: { vm: 'vm-2', host: 'host-2' },
      request: {},
      preset: 'interactive',
      from: 'global',
    },
    {
      what: 'the global one where the host is not known',
      place: { vm: 'vm-2', host: undefined },
      request: {},
      preset: 'interactive',
      from: 'global',
    },
  ])('asks $what', (example) => {
    expect(choosePolicy(settings, example.place, example.request)).toMatchObject({
      preset: example.preset,
      from: example.from,
    })
  })

  it('takes the presets as they were edited', () => {
    const edited = { ...DEFAULT_POLICIES.strict, deadlineMs: 7000 }
    const policies = { ...settings.policies, strict: edited }
    expect(choosePolicy({ ...settings, policies }, place, {}).deadlineMs).toBe(7000)
  })

  it('lets the request change single settings of whichever policy holds, which is then no preset any more', () => {
    const chosen = choosePolicy(settings, place, { policyOverrides: { attempts: 4, drain: undefined } })
    const { preset: _none, ...strict } = { ...DEFAULT_POLICIES.strict, preset: undefined }
    expect(chosen).toEqual({ ...strict, attempts: 4, from: 'vm' })
    expect(chosen).not.toHaveProperty('preset')
  })
})
