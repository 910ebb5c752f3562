import type { PolicyPreset, ResizePolicy } from '@coreshift/shared'
import type { ResizePlan, ResizeRequest, Settings } from '@coreshift/shared/contract'

/** A policy with what decided on it. */
export type ChosenPolicy = ResizePolicy & {
  /** Absent: none of the presets, or one that the request changed. */
  readonly preset?: PolicyPreset
  readonly from: NonNullable<ResizePlan['policy']>['from']
}

/**
 * The policy of a request: its own, else the default of the VM, else of the host, else the global one; single settings
 * of the request take the place of that policy's.
 */
export function choosePolicy(
  settings: Settings,
  place: { readonly vm: string; readonly host: string | undefined },
  request: Pick<ResizeRequest, 'policy' | 'policyOverrides'>,
): ChosenPolicy {
  const { policy, from } = named(settings, place, request.policy)
  const base = typeof policy === 'string' ? settings.policies[policy] : policy
  const overrides = withoutAbsent(request.policyOverrides ?? {})
  const own = typeof policy !== 'string' || Object.keys(overrides).length > 0
  return { ...base, ...overrides, ...(!own && { preset: policy }), from }
}

function named(
  { vmPolicies = {}, hostPolicies = {}, defaultPolicy }: Settings,
  { vm, host }: { readonly vm: string; readonly host: string | undefined },
  asked: ResizeRequest['policy'],
): { policy: PolicyPreset | ResizePolicy; from: ChosenPolicy['from'] } {
  if (asked !== undefined) return { policy: asked, from: 'request' }
  const ofVm = vmPolicies[vm]
  if (ofVm !== undefined) return { policy: ofVm, from: 'vm' }
  const ofHost = host === undefined ? undefined : hostPolicies[host]
  if (ofHost !== undefined) return { policy: ofHost, from: 'host' }
  return { policy: defaultPolicy, from: 'global' }
}

/** Absent and `undefined` mean the same: the policy's own setting holds. */
function withoutAbsent(overrides: NonNullable<ResizeRequest['policyOverrides']>): Partial<ResizePolicy> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
}
