/** Time and turns, so that a test can hold them in its hand. */
export interface PacerClock {
  /** Monotonic, ms. */
  now(): number
  /** Runs before anything else gets a turn, but after what runs now. */
  soon(work: () => void): void
  /** @returns cancels */
  later(delayMs: number, work: () => void): () => void
}

export const realClock: PacerClock = {
  now: () => performance.now(),
  soon: queueMicrotask,
  later(delayMs, work) {
    const timer = setTimeout(work, delayMs)
    return () => clearTimeout(timer)
  },
}

/** At most 20 frames a second: more than a person can follow, few enough for a thousand viewers. */
export const FRAME_INTERVAL_MS = 50

export interface FramePacer {
  /** Something changed: a frame goes out at once, or as soon as the last one is old enough. */
  readonly request: () => void
  stop(): void
}

/**
 * Lets the first change after quiet go out in the same turn, together with everything else that changes in that
 * turn, and gathers what follows into frames.
 */
export function createFramePacer(clock: PacerClock, frame: () => void): FramePacer {
  let lastMs = Number.NEGATIVE_INFINITY
  let waiting = false
  let stopped = false
  let cancel: (() => void) | undefined

  function run(): void {
    waiting = false
    cancel = undefined
    if (stopped) return
    lastMs = clock.now()
    frame()
  }

  return {
    request() {
      if (waiting || stopped) return
      waiting = true
      const restMs = lastMs + FRAME_INTERVAL_MS - clock.now()
      if (restMs <= 0) clock.soon(run)
      else cancel = clock.later(restMs, run)
    },
    stop() {
      stopped = true
      cancel?.()
    },
  }
}
