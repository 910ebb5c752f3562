import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

/**
 * Waits until `condition` holds.
 * @throws Error naming `what` when it does not within `timeoutMs`.
 */
export async function waitUntil(
  condition: () => Promise<boolean>,
  options: { readonly timeoutMs: number; readonly what: string },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`${options.what} did not come within ${options.timeoutMs / 1000} s`)
    }
    await pause(LOOK_EVERY_MS)
  }
}
