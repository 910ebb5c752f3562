/** Time as an input: real in production, virtual in simulations. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Calls `action` once after `ms`; the returned function takes it back. */
  after(ms: number, action: () => void): () => void
}

/** Longest delay a timer of the platform takes; longer ones are cut into pieces. */
const LONGEST_TIMER_MS = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    let timer: NodeJS.Timeout
    const arm = (rest: number) => {
      timer = setTimeout(
        () => (rest > LONGEST_TIMER_MS ? arm(rest - LONGEST_TIMER_MS) : action()),
        Math.max(0, Math.min(rest, LONGEST_TIMER_MS)),
      )
    }
    arm(ms)
    return () => clearTimeout(timer)
  },
}
