import { createContext, use, useSyncExternalStore, type ReactNode } from 'react'

/** The time by which the page counts: the server's, so that "12 of 30 s" is right on a machine with a wrong clock. */
export interface Clock {
  /** ms since 1970, steady between two ticks. */
  now(): number
  /** Calls the listener about once a second. */
  subscribe(listener: () => void): () => void
}

const TICK_MS = 1000
/** HTTP dates have whole seconds; a smaller difference says nothing. */
const SKEW_NOISE_MS = 2000

interface ServerClock extends Clock {
  /** Takes over the server's time from an answer. */
  observe(serverTime: Date): void
  /** Exact, not steady. */
  exactNow(): number
}

/** One timer for all clocks on screen; it runs only while something counts. */
export function createServerClock(): ServerClock {
  const listeners = new Set<() => void>()
  let skewMs = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let shown = Date.now()
  const exactNow = () => Date.now() + skewMs
  const tick = () => {
    shown = exactNow()
    for (const listener of listeners) listener()
  }
  return {
    exactNow,
    now: () => {
      // Steady within a tick also while nobody listens yet: React reads it twice in one render.
      if (listeners.size === 0 && exactNow() - shown >= TICK_MS) shown = exactNow()
      return shown
    },
    subscribe(listener) {
      listeners.add(listener)
      shown = exactNow()
      timer ??= setInterval(tick, TICK_MS)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    observe(serverTime) {
      const difference = serverTime.getTime() - Date.now()
      if (Number.isNaN(difference)) return
      skewMs = Math.abs(difference) > SKEW_NOISE_MS ? difference : 0
    },
  }
}

const ClockContext = createContext<Clock | undefined>(undefined)

export function ClockProvider({ clock, children }: { clock: Clock; children: ReactNode }) {
  return <ClockContext value={clock}>{children}</ClockContext>
}

/** Reads the time when something happens, without rendering again each second. */
export function useReadClock(): () => number {
  const clock = use(ClockContext)
  if (!clock) throw new Error('useReadClock needs a ClockProvider around it')
  return clock.now
}

/** The current time in ms; the component renders again each second. Use it in small components only. */
export function useNow(): number {
  const clock = use(ClockContext)
  if (!clock) throw new Error('useNow needs a ClockProvider around it')
  return useSyncExternalStore(clock.subscribe, clock.now)
}
