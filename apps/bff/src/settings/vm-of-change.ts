import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '@coreshift/shared/contract'

/** @returns uuid of the VM whose own settings differ; `undefined` where that is none, or more than one */
export function vmOfChange(before: Settings, after: Settings): string | undefined {
  const [own, ownAfter] = [ownSettings(before), ownSettings(after)]
  const changed = [...new Set([...own.keys(), ...ownAfter.keys()])].filter(
    (uuid) => !isDeepStrictEqual(own.get(uuid), ownAfter.get(uuid)),
  )
  return changed.length === 1 ? changed[0] : undefined
}

interface OwnSettings {
  readonly policy?: string | undefined
  readonly unplugDisabled: boolean
}

function ownSettings({ unplugDisabledVms, vmPolicies = {} }: Settings): Map<string, OwnSettings> {
  const disabled = new Set(unplugDisabledVms)
  const policies = new Map(Object.entries(vmPolicies))
  return new Map(
    [...disabled, ...policies.keys()].map((uuid) => [
      uuid,
      { policy: policies.get(uuid), unplugDisabled: disabled.has(uuid) },
    ]),
  )
}
