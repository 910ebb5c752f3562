/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void
}

/** All the time that the simulation knows. Milliseconds since any fixed point. */
export interface Clock {
  now(): number
  /** Calls `fire` once, `ms` milliseconds from now. */
  setTimer(ms: number, fire: () => void): Timer
}

/** Real time. Its timers do not keep the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, fire) {
    const timer = setTimeout(fire, ms)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
}

/** A promise that is kept after `ms` of the clock's time. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve)
  })
}
