/** A change that was not published this long after it was there is one that nobody watched, ms; a frame takes 50. */
const UNWATCHED_AFTER_MS = 1_000

/** VMs whose change is followed at once; a fleet has fewer. When more come, all are forgotten: VMs that are gone too. */
const FOLLOWED_MAX = 20_000

interface Change {
  readonly heardMs: number
  /** When the VM was read and looked different; absent: not yet. */
  shownMs?: number
}

/** Measures how long libvirt's events take to the viewers: heard, read, and published in a frame of the live view. */
interface EventLag {
  /** libvirt said something about a VM. */
  heard(vm: string): void
  /** What is shown of a VM is different now. */
  shown(vm: string): void
  /** A frame of a topic of the live view was given to its viewers. */
  published(topic: string): void
}

/**
 * @param nowMs monotonic time, ms
 * @param observe told the lag of each change that was published, ms
 */
export function createEventLag(nowMs: () => number, observe: (lagMs: number) => void): EventLag {
  const changes = new Map<string, Change>()

  function publish(vm: string, { heardMs, shownMs }: Change): void {
    if (shownMs === undefined) return
    changes.delete(vm)
    const now = nowMs()
    if (now - shownMs <= UNWATCHED_AFTER_MS) observe(now - heardMs)
  }

  return {
    heard(vm) {
      const before = changes.get(vm)
      const now = nowMs()
      // Of several events before one read the first has waited longest; an old one changed nothing.
      const waits = before && before.shownMs === undefined && now - before.heardMs <= UNWATCHED_AFTER_MS
      if (waits) return
      if (changes.size >= FOLLOWED_MAX) changes.clear()
      changes.set(vm, { heardMs: now })
    },
    shown(vm) {
      const change = changes.get(vm)
      if (change) change.shownMs ??= nowMs()
    },
    published(topic) {
      if (topic === 'fleet') {
        for (const [vm, change] of changes) publish(vm, change)
        return
      }
      const vm = topic.startsWith('vm:') ? topic.slice('vm:'.length) : undefined
      const change = vm === undefined ? undefined : changes.get(vm)
      if (vm !== undefined && change) publish(vm, change)
    },
  }
}
