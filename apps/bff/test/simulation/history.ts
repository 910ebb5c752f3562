import { createHash } from 'node:crypto'

/** Lines kept for whoever has to understand a failure. */
const TAIL_LINES = 80

/** What happened, in order: a hash of all of it, and the end of it in words. */
export class History {
  readonly #hash = createHash('sha256')
  readonly #tail: string[] = []
  readonly #startMs: number
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.#startMs = now()
  }

  add(line: string): void {
    const stamped = `${((this.#now() - this.#startMs) / 1000).toFixed(3)} ${line}`
    this.#hash.update(`${stamped}\n`)
    this.#tail.push(stamped)
    if (this.#tail.length > 2 * TAIL_LINES) this.#tail.splice(0, TAIL_LINES)
  }

  /** Into the hash, not into the words. */
  addQuietly(text: string): void {
    this.#hash.update(text)
  }

  /** Ends the history. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }

  get tail(): readonly string[] {
    return this.#tail.slice(-TAIL_LINES)
  }
}
