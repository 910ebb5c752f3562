/** What happens when the attempts are used up and vCPUs are still there. */
export const POLICY_ENDINGS = ['reconcile', 'keep-waiting', 'put-back', 'fail'] as const
export type PolicyEnding = (typeof POLICY_ENDINGS)[number]

/**
 * How long a resize waits for the guest, how often it asks again, and what happens then. The decision belongs
 * to the request, not to libvirt.
 */
export interface ResizePolicy {
  /** Time given to one request before the vCPUs are re-read and the guest is asked again, ms. */
  readonly deadlineMs: number
  /** Requests in all, the first included. */
  readonly attempts: number
  /** Each further deadline is this much longer than the one before (1 = equal). */
  readonly backoffFactor: number
  /** Upper bound of a deadline after back-off, ms. */
  readonly maxDeadlineMs: number
  /** Whether a refusal by the guest is asked again while attempts are left. */
  readonly retryRefused: boolean
  /** After the attempts are used up: time between two looks of the reconciler, ms. */
  readonly reconcileMs: number
  /** `reconcile`: keep the operation open and look again at intervals. `keep-waiting`: the same without asking the guest again. `put-back`: add back what was removed. `fail`: end here. */
  readonly ending: PolicyEnding
  /** Have the guest agent take the vCPUs offline before they are unplugged; default no. Needs an agent. */
  readonly drain?: boolean | undefined
  /** Have the guest agent bring added vCPUs online; default: where an agent is connected. */
  readonly bringOnline?: boolean | undefined
}

export const POLICY_PRESETS = ['interactive', 'background', 'strict'] as const
export type PolicyPreset = (typeof POLICY_PRESETS)[number]

/** The presets as shipped; an administrator may change them in the settings. */
export const DEFAULT_POLICIES: Readonly<Record<PolicyPreset, ResizePolicy>> = {
  interactive: {
    deadlineMs: 30_000,
    attempts: 2,
    backoffFactor: 1,
    maxDeadlineMs: 30_000,
    retryRefused: false,
    reconcileMs: 60_000,
    ending: 'reconcile',
  },
  background: {
    deadlineMs: 60_000,
    attempts: 5,
    backoffFactor: 2,
    maxDeadlineMs: 240_000,
    retryRefused: true,
    reconcileMs: 300_000,
    ending: 'reconcile',
  },
  strict: {
    deadlineMs: 30_000,
    attempts: 1,
    backoffFactor: 1,
    maxDeadlineMs: 30_000,
    retryRefused: false,
    reconcileMs: 60_000,
    ending: 'put-back',
  },
}

/**
 * Deadline of the n-th request.
 * @param attempt 1 for the first request.
 * @returns ms
 */
export function deadlineOfAttempt(policy: ResizePolicy, attempt: number): number {
  const grown = policy.deadlineMs * policy.backoffFactor ** Math.max(0, attempt - 1)
  return Math.min(Math.round(grown), Math.max(policy.maxDeadlineMs, policy.deadlineMs))
}
