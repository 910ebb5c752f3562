/**
 * Numbers what happens in this process, so that it can be told what began before and what after: within a millisecond a
 * clock cannot.
 */
export class Moments {
  #last = 0

  /** The newest moment. What begins from here on is later. */
  get now(): number {
    return this.#last
  }

  /** A new moment. */
  next(): number {
    this.#last += 1
    return this.#last
  }
}
