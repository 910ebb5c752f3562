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
  /** Empty: for ever. */
  readonly auditRetentionDays: string
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
    auditRetentionDays: settings.auditRetentionDays === undefined ? '' : String(settings.auditRetentionDays),
  }
}

export type DraftField = 'auditRetentionDays' | `${PolicyPreset}.${keyof PolicyDraft}`

export type DraftReading =
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
  const { auditRetentionDays: _, ...rest } = before
  const days = draft.auditRetentionDays.trim() === '' ? undefined : whole(draft.auditRetentionDays, 1, 36_500)
  if (days === undefined && draft.auditRetentionDays.trim() !== '') wrong.push('auditRetentionDays')
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
      ...(days === undefined ? {} : { auditRetentionDays: days }),
    },
  }
}
