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

/**
 * Quiet before a frame of nothing but load figures. Because it is two intervals, the change that comes right after such
 * a frame may go out at once: it takes the place that was left free.
 */
export const FIGURES_QUIET_MS = 2 * FRAME_INTERVAL_MS

/** Whether somebody waits for it, or it is one more of the load figures that come all the time. */
export type FrameNews = 'change' | 'figures'

export interface FramePacer {
  /** Something changed: a frame goes out at once, or as soon as the last one is old enough. */
  request(news: FrameNews): void
  stop(): void
}

interface Wait {
  news: FrameNews
  readonly dueMs: number
  readonly cancel: () => void
}

/**
 * Lets the first change after quiet go out in the same turn, together with everything else that changes in that
 * turn, and gathers what follows into frames. Figures go with the changes, or wait for quiet.
 */
export function createFramePacer(clock: PacerClock, frame: () => void): FramePacer {
  let lastMs = Number.NEGATIVE_INFINITY
  /** When the next change may go out. */
  let nextChangeMs = Number.NEGATIVE_INFINITY
  let wait: Wait | undefined
  let stopped = false

  function run(): void {
    if (stopped || !wait) return
    const nowMs = clock.now()
    // A change that overtook the pause after figures has used the frame at its end.
    if (wait.news === 'change') nextChangeMs = Math.max(nowMs, lastMs + FRAME_INTERVAL_MS) + FRAME_INTERVAL_MS
    lastMs = nowMs
    wait = undefined
    frame()
  }

  function waitUntil(dueMs: number, news: FrameNews): void {
    const restMs = dueMs - clock.now()
    if (restMs > 0) {
      wait = { news, dueMs, cancel: clock.later(restMs, run) }
      return
    }
    // It goes out in this turn: nothing is earlier, so nobody cancels it.
    wait = { news, dueMs: Number.NEGATIVE_INFINITY, cancel: () => undefined }
    clock.soon(run)
  }

  return {
    request(news) {
      if (stopped) return
      const dueMs = news === 'change' ? nextChangeMs : lastMs + FIGURES_QUIET_MS
      if (wait && wait.dueMs <= dueMs) {
        if (news === 'change') wait.news = news
        return
      }
      wait?.cancel()
      waitUntil(dueMs, news)
    },
    stop() {
      stopped = true
      wait?.cancel()
    },
  }
}
