import type { Clock } from '../../src/clock.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Longest queue of things that wait for a paused process. */
const WAITING_MAX = 100_000

/**
 * One life of the server: what it started ends when it is killed, and waits when it is paused. Nothing of a killed
 * process is heard of again: its timers never fire and its promises never settle.
 */
export class SimulatedProcess {
  readonly clock: Clock
  readonly #time: VirtualTime
  #alive = true
  #paused = false
  #waiting: (() => void)[] = []
  readonly #onEnd: (() => void)[] = []

  /** @param skewMs what its wall clock shows beyond the true time */
  constructor(time: VirtualTime, skewMs: number) {
    this.#time = time
    this.clock = {
      now: () => time.now() + skewMs,
      after: (ms, action) => time.setTimer(ms, () => this.run(action)).cancel,
    }
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Runs what comes from outside: now, when the process goes on, or never. */
  run(action: () => void): void {
    if (!this.#alive) return
    if (!this.#paused) return action()
    if (this.#waiting.length >= WAITING_MAX) throw new Error('too much waits for a paused process')
    this.#waiting.push(action)
  }

  /** Lets a promise be heard of only while the process lives. */
  async heard<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await promise
      if (!this.#alive) await never()
      return value
    } catch (error) {
      if (!this.#alive) await never()
      throw error
    }
  }

  onEnd(action: () => void): void {
    this.#onEnd.push(action)
  }

  kill(): void {
    if (!this.#alive) return
    this.#alive = false
    this.#waiting = []
    for (const action of this.#onEnd) action()
  }

  /** Stopped as by SIGSTOP, and continued after `ms`. */
  pause(ms: number): void {
    if (this.#paused) return
    this.#paused = true
    this.#time.setTimer(ms, () => {
      this.#paused = false
      const waiting = this.#waiting
      this.#waiting = []
      for (const action of waiting) this.run(action)
    })
  }
}

/** What a dead process waits for. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
