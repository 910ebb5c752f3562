import type { ResizeRequest } from '@coreshift/shared/contract'

const base = { backoffFactor: 1, maxDeadlineMs: 6_000, retryRefused: false, reconcileMs: 5_000 }

/** Short ones, so that a simulation sees many deadlines, and two of the presets. */
export const POLICIES = {
  quick: { ...base, deadlineMs: 2_000, attempts: 2, ending: 'reconcile' },
  stubborn: {
    ...base,
    deadlineMs: 1_500,
    attempts: 3,
    backoffFactor: 2,
    // Below what the third request would have.
    maxDeadlineMs: 4_000,
    retryRefused: true,
    ending: 'reconcile',
  },
  'strict-quick': { ...base, deadlineMs: 4_000, attempts: 1, ending: 'put-back' },
  'strict-twice': { ...base, deadlineMs: 2_500, attempts: 2, retryRefused: true, ending: 'put-back' },
  'fails-soon': { ...base, deadlineMs: 3_000, attempts: 1, ending: 'fail' },
  patient: { ...base, deadlineMs: 3_000, attempts: 2, ending: 'keep-waiting' },
  gentle: { ...base, deadlineMs: 2_500, attempts: 2, drain: true, ending: 'reconcile' },
  interactive: 'interactive',
  strict: 'strict',
} satisfies Record<string, ResizeRequest['policy']>

export type PolicyName = keyof typeof POLICIES
