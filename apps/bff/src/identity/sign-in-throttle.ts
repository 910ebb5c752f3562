/** Wrong passwords in a row that cost nothing: people mistype. */
export const FREE_FAILURES = 5
/** Wait after the first failure that is not free; doubles with each further one. */
export const FIRST_WAIT_MS = 1_000
export const WAIT_MAX_MS = 30_000
/** The same for codes: six digits are soon tried out, and only somebody with the password gets that far. */
export const CODE_WAIT_MAX_MS = 10 * 60_000
/** A name without failures for this long starts anew. */
export const FORGET_AFTER_MS = 15 * 60_000
/** Names remembered; the oldest is forgotten first. Bounds memory against made-up names. */
export const NAMES_MAX = 10_000

export interface SignInThrottle {
  /** How long this name has to wait before the next attempt, ms; 0 = not at all. */
  waitMs(name: string, nowMs: number): number
  failed(name: string, nowMs: number): void
  succeeded(name: string): void
}

/**
 * Slows down guessing at one account, from wherever the attempts come. The wait is bounded, so that an attacker
 * can delay the owner's sign-in but not prevent it.
 */
export function createSignInThrottle(waitMaxMs = WAIT_MAX_MS): SignInThrottle {
  const attempts = new Map<string, { failures: number; lastMs: number }>()
  const keyOf = (name: string): string => name.trim().toLowerCase()

  return {
    waitMs(name, nowMs) {
      const known = attempts.get(keyOf(name))
      if (!known || nowMs - known.lastMs > FORGET_AFTER_MS || known.failures < FREE_FAILURES) return 0
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (known.failures - FREE_FAILURES), waitMaxMs)
      return Math.max(0, known.lastMs + wait - nowMs)
    },
    failed(name, nowMs) {
      const key = keyOf(name)
      const known = attempts.get(key)
      const stale = known === undefined || nowMs - known.lastMs > FORGET_AFTER_MS
      attempts.delete(key)
      attempts.set(key, { failures: stale ? 1 : known.failures + 1, lastMs: nowMs })
      if (attempts.size > NAMES_MAX) {
        const oldest = attempts.keys().next()
        if (!oldest.done) attempts.delete(oldest.value)
      }
    },
    succeeded(name) {
      attempts.delete(keyOf(name))
    },
  }
}
