/** A timer that has not fired yet. */
interface VirtualTimer {
  cancel(): void
}

interface Entry {
  readonly at: number
  readonly order: number
  fire: (() => void) | undefined
}

/** 2026-01-01T00:00:00Z: a round start, so that two runs print the same times. */
const START_MS = 1_767_225_600_000

const realSetImmediate = setImmediate

/**
 * Time that moves only when told. After every timer the event loop turns once, which lets everything run that
 * promises and streams still have to do: one seed gives one order of things.
 */
export class VirtualTime {
  #now = START_MS
  #order = 0
  readonly #heap: Entry[] = []
  /** Called after every timer, when everything that it set off has been done. */
  onQuiet: () => void = () => undefined

  now(): number {
    return this.#now
  }

  /** The demo host's clock. */
  setTimer(ms: number, fire: () => void): VirtualTimer {
    // Whole milliseconds, as clocks have them.
    const entry: Entry = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order++, fire }
    this.#push(entry)
    return {
      cancel: () => {
        entry.fire = undefined
      },
    }
  }

  /** Moves on by `ms` and fires what falls due, in order. Stops early when `done` says so. */
  async advance(ms: number, done: () => boolean = () => false): Promise<void> {
    const end = this.#now + ms
    await quiet()
    this.onQuiet()
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > end) break
      this.#pop()
      const { fire } = next
      if (fire === undefined) continue
      this.#now = next.at
      fire()
      await quiet()
      this.onQuiet()
      if (done()) return
    }
    this.#now = end
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || isBefore(above, entry)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      const left = heap[child]
      const right = heap[child + 1]
      if (right !== undefined && left !== undefined && isBefore(right, left)) child += 1
      const smaller = heap[child]
      if (smaller === undefined || isBefore(last, smaller)) break
      heap[index] = smaller
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** All microtasks and ticks that are ready now, and those that they make ready, have run. */
function quiet(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve))
}
