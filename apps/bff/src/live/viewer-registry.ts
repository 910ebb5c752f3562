import type { Identity, IdentityEnd } from '../identity/identity.ts'
import { isEndOf } from '../identity/identity.ts'

/** Longest delay of a timer, ms (setTimeout counts in 31 bits). */
const TIMER_MAX_MS = 2 ** 31 - 1

interface Viewer {
  readonly identity: Identity
  /** Ends the viewer's connection at once. */
  end(reason: 'session-ended'): void
  /** Asks again who it is, when the time that was known is up: a visit may have extended the session. */
  stillWho(): Promise<Identity | undefined>
}

/** Everybody who is connected, to be found when their identity ends. */
interface ViewerRegistry {
  /** @returns takes the viewer out again */
  add(viewer: Viewer): () => void
  /** Cuts everybody whose identity this ends. */
  end(end: IdentityEnd): void
  readonly size: number
}

interface ViewerRegistryOptions {
  readonly nowMs: () => number
  readonly onProblem: (message: string, cause: unknown) => void
}

export function createViewerRegistry({ nowMs, onProblem }: ViewerRegistryOptions): ViewerRegistry {
  const viewers = new Set<Viewer>()

  function watchExpiry(
    viewer: Viewer,
    expiresAt: string | undefined,
    onTimer: (timer: NodeJS.Timeout) => void,
  ): void {
    if (expiresAt === undefined) return
    const restMs = Math.max(0, Date.parse(expiresAt) - nowMs())
    onTimer(
      setTimeout(
        () => {
          viewer.stillWho().then(
            (identity) => {
              if (!viewers.has(viewer)) return
              if (identity) watchExpiry(viewer, identity.expiresAt, onTimer)
              else viewer.end('session-ended')
            },
            (cause: unknown) => {
              onProblem('whether a session still holds could not be read; its connection is cut', cause)
              viewer.end('session-ended')
            },
          )
        },
        Math.min(restMs, TIMER_MAX_MS),
      ),
    )
  }

  return {
    get size() {
      return viewers.size
    },
    add(viewer) {
      viewers.add(viewer)
      let timer: NodeJS.Timeout | undefined
      watchExpiry(viewer, viewer.identity.expiresAt, (next) => {
        timer = next
      })
      return () => {
        viewers.delete(viewer)
        clearTimeout(timer)
      }
    },
    end(end) {
      for (const viewer of viewers) if (isEndOf(end, viewer.identity)) viewer.end('session-ended')
    },
  }
}
