import type { Clock, Timer } from './clock.ts'

interface Entry {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** 2026-01-01T00:00:00Z: a round start, so that two runs print the same times. */
const START_MS = 1_767_225_600_000

/** Turns of the event loop given to pending promises between two timers. */
const SETTLE_TURNS = 4

/**
 * Time that moves only when told. Between two timers everything that promises still have to do is done, so that one seed
 * gives one order of things.
 */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  readonly #entries = new Set<Entry>()

  constructor(startMs = START_MS) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  setTimer(ms: number, fire: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.max(0, ms), order: this.#order++, fire }
    this.#entries.add(entry)
    return { cancel: () => void this.#entries.delete(entry) }
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#entries.size
  }

  /** Moves time on by `ms`, fires what falls due in order, and lets promises settle. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#entries.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.fire()
      await settle()
    }
    // Two callers may advance at once; time never runs backwards.
    this.#now = Math.max(this.#now, end)
  }

  /** Moves time on in steps until `condition` holds. Throws when it does not within `limitMs`. */
  async advanceUntil(condition: () => boolean, limitMs = 120_000, stepMs = 10): Promise<void> {
    const end = this.#now + limitMs
    await settle()
    while (!condition()) {
      if (this.#now >= end) throw new Error(`the condition did not hold within ${limitMs} ms of virtual time`)
      await this.advance(stepMs)
    }
  }

  /** Moves time on until the promise is settled. Throws when it is not within `limitMs`. */
  async until<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let settled = false
    const watched = promise.finally(() => {
      settled = true
    })
    // The rejection is the caller's: it gets the same promise back.
    watched.catch(() => undefined)
    await this.advanceUntil(() => settled, limitMs)
    return watched
  }

  #next(end: number): Entry | undefined {
    let best: Entry | undefined
    for (const entry of this.#entries) {
      if (entry.at > end) continue
      if (best === undefined || entry.at < best.at || (entry.at === best.at && entry.order < best.order))
        best = entry
    }
    return best
  }
}

/** Lets all microtasks run that are ready now, and those that they make ready. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
}
