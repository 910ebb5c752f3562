import type { LiveChange, WatchAnswer } from '@coreshift/shared/contract'
import type { LiveListener, LivePort } from '../../../apps/web/src/live/live-port.ts'

/** What a measurement does to the page; reached from outside as `feed`. */
export interface ScriptedFeed {
  readonly port: LivePort
  /**
   * Lets a topic's data come, as text, as the socket brings it.
   * @param painted looks for what has to be on screen
   * @returns ms from the text to the decoded data, and from there to the frame that shows them
   */
  deliver(topic: string, painted: string): Promise<{ decodeMs: number; paintMs: number }>
  /** Sends changes of a topic at an even pace until `stop`. */
  start(topic: string, perSecond: number, patchOf: (n: number) => unknown): void
  stop(): void
  /**
   * Sends one change.
   * @param shown tells whether it is on screen
   * @returns ms until the frame that shows it was handed over, and how many frames that took
   */
  change(topic: string, patch: unknown, shown: () => boolean): Promise<{ ms: number; frames: number }>
}

/** Marks in the browser's trace. */
const DELIVERED = 'delivered'
const PAINTED = 'painted'

/** Lets what came before end. */
const QUIET_MS = 200

/** A change comes in a task of its own, as from a socket; browsers do not hold back these timers. */
const TICK_MS = 5

/**
 * Looks in each frame, as it begins, whether something is there that it will show, and calls back when the first one that
 * does was handed over for painting.
 */
function afterFirstFrameWith(isThere: () => boolean, task: () => void): void {
  requestAnimationFrame(() => {
    if (!isThere()) return afterFirstFrameWith(isThere, task)
    const channel = new MessageChannel()
    channel.port1.onmessage = task
    channel.port2.postMessage(undefined)
  })
}

export function createScriptedFeed(snapshots: Readonly<Record<string, () => unknown>>): ScriptedFeed {
  const waiting = new Map<string, (answer: WatchAnswer) => void>()
  const revisions = new Map<string, number>()
  let listener: LiveListener | undefined
  let ticking: ReturnType<typeof setInterval> | undefined

  function send(topic: string, patch: unknown): void {
    const rev = (revisions.get(topic) ?? 0) + 1
    revisions.set(topic, rev)
    listener?.change({ topic, rev, patch: JSON.parse(JSON.stringify(patch)) as LiveChange['patch'] })
  }

  return {
    port: {
      watch: (topic) => new Promise((resolve) => waiting.set(topic, resolve)),
      unwatch: (topic) => void waiting.delete(topic),
      listen(given) {
        listener = given
        given.connection({ state: 'live', since: Date.now() })
      },
    },
    deliver(topic, painted) {
      const text = JSON.stringify(snapshots[topic]?.())
      const resolve = waiting.get(topic)
      if (!resolve) throw new Error(`nobody watches ${topic}`)
      const arrive = (done: (times: { decodeMs: number; paintMs: number }) => void) => {
        const began = performance.now()
        const snapshot: unknown = JSON.parse(text)
        const decoded = performance.now()
        // A task of its own, so that the trace tells the page's work from the measurement's.
        setTimeout(() => {
          performance.mark(DELIVERED)
          resolve({ ok: true, topic, feed: 'script', rev: 0, snapshot })
        })
        afterFirstFrameWith(
          () => document.querySelector(painted) !== null,
          () => {
            performance.mark(PAINTED)
            done({ decodeMs: decoded - began, paintMs: performance.now() - decoded })
          },
        )
      }
      return new Promise((done) => setTimeout(() => arrive(done), QUIET_MS))
    },
    start(topic, perSecond, patchOf) {
      const began = performance.now()
      let sent = 0
      ticking = setInterval(() => {
        const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
        for (; sent < due; sent += 1) send(topic, patchOf(sent))
      }, TICK_MS)
    },
    stop() {
      clearInterval(ticking)
    },
    change(topic, patch, shown) {
      return new Promise((done) => {
        const began = performance.now()
        let frames = 0
        send(topic, patch)
        // A callback of the same frame that runs behind the page's own sees what this frame shows.
        const look = () =>
          requestAnimationFrame(() => {
            frames += 1
            queueMicrotask(() => {
              const isShown = shown()
              const channel = new MessageChannel()
              channel.port1.onmessage = () =>
                isShown ? done({ ms: performance.now() - began, frames }) : look()
              channel.port2.postMessage(undefined)
            })
          })
        look()
      })
    },
  }
}
