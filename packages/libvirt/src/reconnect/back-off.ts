/** How long to wait before the next attempt. */
export interface BackOff {
  /** Wait after the first failure. */
  readonly firstMs: number
  /** No wait is longer. */
  readonly maxMs: number
  /** Part of the wait that chance may take away, 0 to 1: many clients must not come back at the same moment. */
  readonly jitter: number
}

export const DEFAULT_BACK_OFF: BackOff = { firstMs: 500, maxMs: 30_000, jitter: 0.5 }

/** The wait after `failures` attempts in a row have failed (1 or more); `chance` is between 0 and 1. */
export function backOffMs(failures: number, chance: number, { firstMs, maxMs, jitter }: BackOff): number {
  // 2^30 x firstMs is far above any maxMs; the bound keeps the number finite.
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30))
  return Math.round(full * (1 - jitter * chance))
}
