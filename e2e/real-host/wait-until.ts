import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

/**
 * Waits until `condition` holds.
 * @throws Error naming `what`, and what `instead` says, when it does not within `timeoutMs`.
 */
export async function waitUntil(
  condition: () => Promise<boolean>,
  options: {
    readonly timeoutMs: number
    readonly what: string
    readonly instead?: () => Promise<string>
  },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline) {
      const instead = options.instead === undefined ? '' : `; ${await options.instead()}`
      throw new Error(`${options.what} did not come within ${options.timeoutMs / 1000} s${instead}`)
    }
    await pause(LOOK_EVERY_MS)
  }
}
