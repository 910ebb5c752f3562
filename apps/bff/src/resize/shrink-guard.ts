import type { AcknowledgeableCode, SocketsVerdict } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { sayCount } from './engine/operation-sentence.ts'
import type { WorkedPlan } from './plan-resize.ts'

/** The plan with what the shrink guard says, and what is only worth knowing. */
interface GuardedPlan {
  readonly verdict: SocketsVerdict
  readonly warnings: readonly string[]
}

const busyReason = { code: 'guest-busy' as const }

/**
 * The shrink guard: a live removal that leaves fewer vCPUs than the guest kept busy when it was last measured would
 * make it slow. Busy vCPUs are the load of all present vCPUs together: 6 vCPUs at 50 % are 3. Without a figure nothing
 * is said.
 * @param loadPercent 0 to 100 over all present vCPUs
 */
export function guardShrink(
  plan: Pick<WorkedPlan, 'kind' | 'from' | 'to' | 'verdict'>,
  loadPercent: number | undefined,
  guard: NonNullable<Settings['shrinkGuard']>,
  acknowledged: readonly string[] = [],
): GuardedPlan {
  const { verdict } = plan
  const busy = ((loadPercent ?? 0) / 100) * plan.from.vcpus
  if (plan.kind !== 'unplug' || guard === 'off' || busy <= plan.to.vcpus) return { verdict, warnings: [] }
  const message = `The guest keeps ${busy.toFixed(1)} of its ${sayCount(plan.from.vcpus, 'vCPU')} busy; ${plan.to.vcpus} would be too few for that.`
  if (guard === 'warn') return { verdict, warnings: [message] }
  if (guard === 'refuse') {
    const { acknowledge: _none, ...rest } = verdict
    const reason = { ...busyReason, message, unlock: ['use-next-boot' as const] }
    return { verdict: { ...rest, allowed: false, reasons: [...rest.reasons, reason] }, warnings: [] }
  }
  const reason = {
    ...busyReason,
    message,
    unlock: ['acknowledge-busy-guest' as const, 'use-next-boot' as const],
  }
  const open: AcknowledgeableCode[] = [...(verdict.acknowledge ?? [])]
  if (verdict.allowed && !acknowledged.includes('guest-busy')) open.push('guest-busy')
  return {
    verdict: {
      ...verdict,
      reasons: [...verdict.reasons, reason],
      ...(open.length > 0 && { acknowledge: open }),
    },
    warnings: [],
  }
}
