import type { Clock } from '../clock.ts'

interface HedgeLimits {
  /** Time after which the question is asked again beside the one that is still out, ms. */
  readonly afterMs: number
  /** Questions that may be out at the same time, the first included. */
  readonly askedMax: number
  /** Whether asking again makes sense just now: where questions queue, slow is not lost. */
  readonly worthwhile: () => boolean
}

/**
 * Asks again when no answer comes in time, and takes the first answer: one lost reply then costs `afterMs`, not the
 * long limit of a call. Rejects when every question has failed, with the first failure.
 * @param ask must be safe to do twice
 */
export function hedged<R>(clock: Clock, ask: () => Promise<R>, limits: HedgeLimits): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>()
  const failures: unknown[] = []
  let asked = 0
  let cancel: (() => void) | undefined

  const later = (): void => {
    cancel = clock.after(limits.afterMs, () => (limits.worthwhile() ? askOnce() : later()))
  }
  const askOnce = (): void => {
    asked += 1
    if (asked < limits.askedMax) later()
    ask().then(
      (answer) => {
        cancel?.()
        resolve(answer)
      },
      (error: unknown) => {
        failures.push(error)
        if (failures.length < asked) return
        // None is out any more: whoever asked decides whether to try again.
        cancel?.()
        reject(failures[0])
      },
    )
  }
  askOnce()
  return promise
}
