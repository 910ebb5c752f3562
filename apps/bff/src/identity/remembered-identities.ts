import type { Identity } from './identity.ts'

/** How long an answer counts without being looked up again. Whoever lost a right loses it within 100 ms. */
export const REMEMBERED_MS = 50

/** Credentials remembered at once; when more come, all are forgotten. */
const REMEMBERED_MAX = 1_000

/** Who was found behind credentials a moment ago: programs ask hundreds of times a second, and a look-up is a query. */
interface RememberedIdentities {
  /** @param key the credentials, such that no two kinds can be mistaken for each other */
  find(key: string, lookUp: () => Promise<Identity | undefined>): Promise<Identity | undefined>
  /** Everything is looked up again, what is being looked up at this moment included. */
  forget(): void
}

interface Remembered {
  readonly identity: Identity
  readonly since: number
  readonly until: number
}

/**
 * Only who was let in is remembered: a token or session that is made a moment later counts at once.
 * @param nowMs time, ms
 */
export function rememberIdentities(nowMs: () => number): RememberedIdentities {
  const known = new Map<string, Remembered>()
  let generation = 0
  return {
    async find(key, lookUp) {
      const remembered = known.get(key)
      const began = nowMs()
      // A clock that was set back makes nothing last longer.
      if (remembered && remembered.since <= began && began < remembered.until) return remembered.identity
      const asked = generation
      const identity = await lookUp()
      known.delete(key)
      // What ended while the answer was on its way may not be in it.
      if (identity === undefined || asked !== generation) return identity
      if (known.size >= REMEMBERED_MAX) known.clear()
      const end = identity.expiresAt === undefined ? Infinity : Date.parse(identity.expiresAt)
      known.set(key, { identity, since: began, until: Math.min(began + REMEMBERED_MS, end) })
      return identity
    },
    forget() {
      generation += 1
      known.clear()
    },
  }
}
