/**
 * Runs one task per key at a time. Who asks while one is running gets the next run, shared by all who ask
 * meanwhile: its result is then newer than every question.
 */
export class SingleFlight<K, R> {
  readonly #task: (key: K) => Promise<R>
  readonly #running = new Map<K, Promise<R>>()
  readonly #next = new Map<K, Promise<R>>()

  constructor(task: (key: K) => Promise<R>) {
    this.#task = task
  }

  run(key: K): Promise<R> {
    const running = this.#running.get(key)
    if (running === undefined) return this.#start(key)
    let next = this.#next.get(key)
    if (next === undefined) {
      const again = () => {
        this.#next.delete(key)
        return this.#start(key)
      }
      next = running.then(again, again)
      this.#next.set(key, next)
    }
    return next
  }

  /** The run that is under way; what it finds may be older than the question. */
  running(key: K): Promise<R> | undefined {
    return this.#running.get(key)
  }

  #start(key: K): Promise<R> {
    const run = this.#task(key).finally(() => {
      if (this.#running.get(key) === run) this.#running.delete(key)
    })
    this.#running.set(key, run)
    return run
  }
}
