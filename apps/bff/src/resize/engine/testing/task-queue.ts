export interface Task {
  readonly at: number
  readonly act: () => void
}

/** Virtual time of a random life, and what still has to happen in it, in order. */
export class TaskQueue {
  #now: number
  #order = 0
  #tasks: (Task & { readonly order: number })[] = []

  constructor(startMs: number) {
    this.#now = startMs
  }

  get now(): number {
    return this.#now
  }

  /** When the next task is due; `undefined` when there is none. */
  get nextAt(): number | undefined {
    return this.#tasks[0]?.at
  }

  add(afterMs: number, act: () => void): void {
    this.#order += 1
    this.#tasks.push({ at: this.#now + afterMs, order: this.#order, act })
    this.#tasks.sort((a, b) => a.at - b.at || a.order - b.order)
  }

  take(): Task | undefined {
    return this.#tasks.shift()
  }

  moveTo(at: number): void {
    this.#now = at
  }
}
