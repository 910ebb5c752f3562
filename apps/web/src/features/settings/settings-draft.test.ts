import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { draftOf, readSettings } from './settings-draft.ts'

const SETTINGS: Settings = {
  unplugEnabled: true,
  unplugDisabledHosts: ['h1'],
  unplugDisabledVms: [],
  pinnedRemovalAllowed: false,
  hostCpuLimit: 'enforce',
  policies: { ...DEFAULT_POLICIES },
  defaultPolicy: 'interactive',
  hostPolicies: { h1: 'background' },
  vmPolicies: { '00000000-0000-4000-8000-000000000001': 'strict' },
  shrinkGuard: 'acknowledge',
  twoFactorRequired: true,
  auditRetentionDays: 400,
  auditRetentionEntries: 5_000,
}

describe('the settings form', () => {
  it('read without a change is what it was made from', () => {
    expect(readSettings(draftOf(SETTINGS), SETTINGS)).toEqual({ ok: true, settings: SETTINGS })
  })

  it('keeps what it does not show', () => {
    const draft = draftOf(SETTINGS)
    const read = readSettings({ ...draft, unplugEnabled: false }, SETTINGS)
    expect(read.ok && read.settings.policies.background.reconcileMs).toBe(
      DEFAULT_POLICIES.background.reconcileMs,
    )
  })

  it('reads an empty retention as for ever', () => {
    const read = readSettings({ ...draftOf(SETTINGS), auditRetentionDays: ' ' }, SETTINGS)
    expect(read.ok && 'auditRetentionDays' in read.settings).toBe(false)
  })

  it('takes UUIDs from lines and leaves out empty ones', () => {
    const read = readSettings({ ...draftOf(SETTINGS), unplugDisabledVms: ' a\n\n b ' }, SETTINGS)
    expect(read.ok && read.settings.unplugDisabledVms).toEqual(['a', 'b'])
  })

  it.each([
    ['deadlineSeconds', '0'],
    ['deadlineSeconds', ''],
    ['attempts', '1.5'],
    ['attempts', '21'],
    ['backoffFactor', '0.5'],
  ] as const)('names %s when it is %j', (field, text) => {
    const draft = draftOf(SETTINGS)
    const policies = { ...draft.policies, strict: { ...draft.policies.strict, [field]: text } }
    expect(readSettings({ ...draft, policies }, SETTINGS)).toEqual({ ok: false, wrong: [`strict.${field}`] })
  })
})
