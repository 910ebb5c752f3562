/** Time as an input: real in production, virtual in simulations. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Calls `action` once after `ms`; the returned function takes it back. */
  after(ms: number, action: () => void): () => void
}

/** Longest delay a timer of the platform takes; longer ones are cut into pieces. */
const LONGEST_TIMER_MS = 2_147_483_647

/** A wall clock ahead of ours by more than this was put forward, or the machine slept, ms. */
const AHEAD_MS = 1000

/** The wall clock, but never backwards within one process: an operation's story must not run into the past. */
function steadyWallClock(): () => number {
  let origin = performance.timeOrigin
  return () => {
    const ahead = Date.now() - (origin + performance.now())
    if (ahead > AHEAD_MS) origin += ahead
    return Math.round(origin + performance.now())
  }
}

export const systemClock: Clock = {
  now: steadyWallClock(),
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
