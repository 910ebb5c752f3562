/** How long a token is good for: a number of days, until a day, or without an end. */
export const LIFETIMES = ['90', '30', '365', 'day', 'ever'] as const
export type Lifetime = (typeof LIFETIMES)[number]

const DAY_MS = 86_400_000

type LifetimeReading = { readonly ok: true; readonly expiresAt: string | undefined } | { readonly ok: false }

/**
 * When the token ends.
 * @param lastDay of the form, `2026-11-22`; it is good for the whole of that day, in UTC
 * @param now ms since 1970
 */
export function readLifetime(lifetime: Lifetime, lastDay: string, now: number): LifetimeReading {
  if (lifetime === 'ever') return { ok: true, expiresAt: undefined }
  const end =
    lifetime === 'day' ? Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS : now + Number(lifetime) * DAY_MS
  if (Number.isNaN(end) || end <= now) return { ok: false }
  return { ok: true, expiresAt: new Date(end).toISOString() }
}
