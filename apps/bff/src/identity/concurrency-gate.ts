/** Lets so many pieces of work run at once; others wait in line. */
type ConcurrencyGate = <T>(work: () => Promise<T>) => Promise<T>

interface ConcurrencyGateOptions {
  readonly concurrentMax: number
  /** Work in line; more is refused. */
  readonly waitingMax: number
  /** What is thrown for refused work. */
  readonly full: () => Error
}

export function createConcurrencyGate({
  concurrentMax,
  waitingMax,
  full,
}: ConcurrencyGateOptions): ConcurrencyGate {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running < concurrentMax) running += 1
    else {
      if (waiting.length >= waitingMax) throw full()
      // Whoever ends hands its place over: nobody can slip in between.
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
