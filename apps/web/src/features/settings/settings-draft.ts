import { POLICY_PRESETS, type PolicyEnding, type PolicyPreset } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'

/** A policy as it stands in the form: numbers are text until they are read. */
export interface PolicyDraft {
  readonly deadlineSeconds: string
  readonly attempts: string
  readonly backoffFactor: string
  readonly ending: PolicyEnding
}

export interface SettingsDraft {
  readonly unplugEnabled: boolean
  readonly unplugDisabledHosts: readonly string[]
  /** One UUID per line. */
  readonly unplugDisabledVms: string
  readonly pinnedRemovalAllowed: boolean
  readonly hostCpuLimit: Settings['hostCpuLimit']
  readonly policies: Readonly<Record<PolicyPreset, PolicyDraft>>
  readonly defaultPolicy: PolicyPreset
  /** By host id; a host that is not named has the default of all. */
  readonly hostPolicies: Readonly<Record<string, PolicyPreset>>
  /** By VM uuid. */
  readonly vmPolicies: Readonly<Record<string, PolicyPreset>>
  readonly shrinkGuard: NonNullable<Settings['shrinkGuard']>
  readonly twoFactorRequired: boolean
  /** Empty: for ever. */
  readonly auditRetentionDays: string
  /** Empty: any number. */
  readonly auditRetentionEntries: string
}

export function draftOf(settings: Settings): SettingsDraft {
  const policy = (preset: PolicyPreset): PolicyDraft => {
    const { deadlineMs, attempts, backoffFactor, ending } = settings.policies[preset]
    return {
      deadlineSeconds: String(deadlineMs / 1000),
      attempts: String(attempts),
      backoffFactor: String(backoffFactor),
      ending,
    }
  }
  return {
    unplugEnabled: settings.unplugEnabled,
    unplugDisabledHosts: settings.unplugDisabledHosts,
    unplugDisabledVms: settings.unplugDisabledVms.join('\n'),
    pinnedRemovalAllowed: settings.pinnedRemovalAllowed,
    hostCpuLimit: settings.hostCpuLimit,
    policies: {
      interactive: policy('interactive'),
      background: policy('background'),
      strict: policy('strict'),
    },
    defaultPolicy: settings.defaultPolicy,
    hostPolicies: settings.hostPolicies ?? {},
    vmPolicies: settings.vmPolicies ?? {},
    shrinkGuard: settings.shrinkGuard ?? 'warn',
    twoFactorRequired: settings.twoFactorRequired ?? false,
    auditRetentionDays: numberText(settings.auditRetentionDays),
    auditRetentionEntries: numberText(settings.auditRetentionEntries),
  }
}

const numberText = (value: number | undefined) => (value === undefined ? '' : String(value))

export type DraftField =
  'auditRetentionDays' | 'auditRetentionEntries' | `${PolicyPreset}.${keyof PolicyDraft}`

type DraftReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly wrong: readonly DraftField[] }

const inRange = (text: string, min: number, max: number): number | undefined => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return value >= min && value <= max ? value : undefined
}

const whole = (text: string, min: number, max: number): number | undefined => {
  const value = inRange(text, min, max)
  return Number.isInteger(value) ? value : undefined
}

/** Reads the form with the bounds of the contract; what the form does not show stays as it was. */
export function readSettings(draft: SettingsDraft, before: Settings): DraftReading {
  const wrong: DraftField[] = []
  const policies = { ...before.policies }
  for (const preset of POLICY_PRESETS) {
    const form = draft.policies[preset]
    const seconds = inRange(form.deadlineSeconds, 0.5, 86_400)
    const attempts = whole(form.attempts, 1, 20)
    const backoffFactor = inRange(form.backoffFactor, 1, 10)
    if (seconds === undefined) wrong.push(`${preset}.deadlineSeconds`)
    if (attempts === undefined) wrong.push(`${preset}.attempts`)
    if (backoffFactor === undefined) wrong.push(`${preset}.backoffFactor`)
    if (seconds === undefined || attempts === undefined || backoffFactor === undefined) continue
    const deadlineMs = Math.round(seconds * 1000)
    policies[preset] = {
      ...before.policies[preset],
      deadlineMs,
      attempts,
      backoffFactor,
      maxDeadlineMs: Math.max(before.policies[preset].maxDeadlineMs, deadlineMs),
      ending: form.ending,
    }
  }
  const { auditRetentionDays: _days, auditRetentionEntries: _entries, ...rest } = before
  const days = whole(draft.auditRetentionDays, 1, 36_500)
  if (days === undefined && draft.auditRetentionDays.trim() !== '') wrong.push('auditRetentionDays')
  const entries = whole(draft.auditRetentionEntries, 1_000, 1_000_000_000)
  if (entries === undefined && draft.auditRetentionEntries.trim() !== '') wrong.push('auditRetentionEntries')
  if (wrong.length > 0) return { ok: false, wrong }
  return {
    ok: true,
    settings: {
      ...rest,
      unplugEnabled: draft.unplugEnabled,
      unplugDisabledHosts: [...draft.unplugDisabledHosts],
      unplugDisabledVms: draft.unplugDisabledVms.split(/\s+/).filter(Boolean),
      pinnedRemovalAllowed: draft.pinnedRemovalAllowed,
      hostCpuLimit: draft.hostCpuLimit,
      policies,
      defaultPolicy: draft.defaultPolicy,
      hostPolicies: { ...draft.hostPolicies },
      vmPolicies: { ...draft.vmPolicies },
      shrinkGuard: draft.shrinkGuard,
      twoFactorRequired: draft.twoFactorRequired,
      ...(days === undefined ? {} : { auditRetentionDays: days }),
      ...(entries === undefined ? {} : { auditRetentionEntries: entries }),
    },
  }
}
