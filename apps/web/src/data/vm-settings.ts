import type { PolicyPreset } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import type { HttpClient } from './http-client.ts'
import { saveSettings } from './settings-query.ts'

/** What the settings say about one VM. */
export interface VmRules {
  /** Absent: that of its host or of all. */
  readonly policy: PolicyPreset | undefined
  readonly mayShrink: boolean
}

export function rulesOf(settings: Settings, uuid: string): VmRules {
  return {
    policy: settings.vmPolicies?.[uuid],
    mayShrink: !settings.unplugDisabledVms.includes(uuid),
  }
}

/** The settings with these rules for the VM; everything else as it was. */
export function withRules(settings: Settings, uuid: string, rules: VmRules): Settings {
  const { [uuid]: _, ...others } = settings.vmPolicies ?? {}
  const disabled = settings.unplugDisabledVms.filter((other) => other !== uuid)
  return {
    ...settings,
    vmPolicies: rules.policy ? { ...others, [uuid]: rules.policy } : others,
    unplugDisabledVms: rules.mayShrink ? disabled : [...disabled, uuid],
  }
}

/** Saves the rules of one VM on top of the settings as they are now, not as they were when the page was opened. */
export async function saveVmRules(http: HttpClient, uuid: string, rules: VmRules): Promise<Settings> {
  const now = await http.request<Settings>('GET', '/settings', { keys: ['policies'] })
  return saveSettings(http, withRules(now, uuid, rules))
}
