import type { SimulatedProcess } from './simulated-process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The process whose code is running: the timers that it starts end with it. */
export interface CurrentProcess {
  process: SimulatedProcess | undefined
}

/**
 * Puts virtual time under the platform's timers and a seed under its chance while a simulation runs: the libvirt
 * client's limits and pings are ordinary timers.
 * @returns puts the platform's own back
 */
export function replacePlatformTimers(
  time: VirtualTime,
  current: CurrentProcess,
  random: () => number,
): () => void {
  const own = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    random: Math.random,
  }
  const running = new Map<object, () => void>()

  const start = (ms: number, repeat: boolean, action: () => void): object => {
    const { process } = current
    const handle = { ref: () => handle, unref: () => handle, hasRef: () => true }
    const arm = () => {
      const timer = time.setTimer(ms, () => {
        if (repeat) arm()
        else running.delete(handle)
        if (process === undefined) action()
        else process.run(action)
      })
      running.set(handle, timer.cancel)
    }
    arm()
    return handle
  }
  const stop = (handle: unknown) => {
    if (typeof handle !== 'object' || handle === null) return
    running.get(handle)?.()
    running.delete(handle)
  }
  Object.assign(globalThis, {
    setTimeout: (action: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      start(ms, false, () => action(...args)),
    setInterval: (action: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      start(ms, true, () => action(...args)),
    clearTimeout: stop,
    clearInterval: stop,
  })
  Math.random = random
  return () => {
    const { random: ownRandom, ...timers } = own
    Object.assign(globalThis, timers)
    Math.random = ownRandom
  }
}
