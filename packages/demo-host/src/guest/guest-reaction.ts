import type { Random } from '../random.ts'
import type { GuestBehaviour } from './guest-profile.ts'

/** What the guest will do about one request to let a unit go, and when. */
export type GuestReaction =
  | { readonly kind: 'let-go'; readonly afterMs: number }
  | { readonly kind: 'let-go-silently'; readonly afterMs: number }
  | { readonly kind: 'refuse'; readonly afterMs: number }
  | { readonly kind: 'crash'; readonly afterMs: number }
  | { readonly kind: 'reboot'; readonly afterMs: number }
  | { readonly kind: 'nothing' }

/** A prompt guest needs 0.1 to 0.4 s (0.2-0.7 s were seen with software emulation). */
const PROMPT_MS = { min: 100, max: 400 }
const SLOW_MEDIAN_MS = 4000
const SLOW_SPREAD = 0.6
const SLOW_MAX_MS = 25_000
const LOADED_FULL_MS = 20_000
const REFUSE_MS = 150
const LATE_MS = 75_000
const CRASH_MS = 250

/**
 * Decides how a guest reacts.
 * @param load share of the vCPUs in use, 0 to 1
 */
export function reactionOf(behaviour: GuestBehaviour, load: number, random: Random): GuestReaction {
  const promptMs = random.int(PROMPT_MS.min, PROMPT_MS.max)
  switch (behaviour) {
    case 'prompt':
    case 'leaves-added-offline':
      return { kind: 'let-go', afterMs: promptMs }
    case 'slow':
      return {
        kind: 'let-go',
        afterMs: Math.round(Math.min(SLOW_MAX_MS, random.logNormal(SLOW_MEDIAN_MS, SLOW_SPREAD))),
      }
    case 'loaded':
      return { kind: 'let-go', afterMs: Math.round(promptMs + LOADED_FULL_MS * load * load) }
    case 'refuses':
      return { kind: 'refuse', afterMs: REFUSE_MS }
    case 'never-answers':
      return { kind: 'nothing' }
    case 'drops-completion':
      return { kind: 'let-go-silently', afterMs: promptMs }
    case 'completes-late':
      return { kind: 'let-go', afterMs: LATE_MS }
    case 'crashes':
      return { kind: 'crash', afterMs: CRASH_MS }
    case 'reboots':
      return { kind: 'reboot', afterMs: CRASH_MS }
  }
}

/** How long the guest needs to bring an added vCPU online; `null` = it leaves it offline. */
export function onlineAfterMs(behaviour: GuestBehaviour): number | null {
  return behaviour === 'leaves-added-offline' ? null : 120
}
