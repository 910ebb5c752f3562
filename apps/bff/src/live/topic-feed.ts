import { diffPatch, type Json } from '@coreshift/shared'

/**
 * A value that viewers hold a copy of. `snapshot` is what was last published, never anything newer, so that a
 * snapshot with revision n and the change n + 1 always fit together.
 */
export interface TopicFeed {
  readonly rev: number
  snapshot(): unknown
  /**
   * Publishes what changed since the last time.
   * @returns the patch with its revision, `undefined` when nothing did
   */
  publish(): { readonly rev: number; readonly patch: Json } | undefined
}

/** A feed of items with keys: one item's change costs the same among ten and among ten thousand. */
interface KeyedFeed<T> extends TopicFeed {
  /** Says that the item may have changed, appeared or gone. */
  mark(key: string): void
  /** For tests and figures. */
  readonly size: number
  /** What is published under the key. */
  published(key: string): T | undefined
}

interface KeyedFeedOptions<T> {
  /** Name of the list in the topic's value, e.g. `vms`. */
  readonly member: string
  readonly initial: Iterable<readonly [string, T]>
  /** The item now; `undefined`: gone. */
  readonly read: (key: string) => T | undefined
  readonly firstRev: number
}

export function createKeyedFeed<T>({ member, initial, read, firstRev }: KeyedFeedOptions<T>): KeyedFeed<T> {
  const published = new Map(initial)
  const marked = new Set<string>()
  let rev = firstRev

  return {
    get rev() {
      return rev
    },
    get size() {
      return published.size
    },
    published: (key) => published.get(key),
    mark(key) {
      marked.add(key)
    },
    snapshot: () => ({ [member]: [...published.values()] }),
    publish() {
      const patch: Record<string, Json> = {}
      let changed = false
      for (const key of marked) {
        const before = published.get(key)
        const now = read(key)
        if (now === undefined) {
          if (before === undefined) continue
          published.delete(key)
          patch[key] = null
        } else {
          const change = before === undefined ? asJson(now) : diffPatch(before, now)
          published.set(key, now)
          if (change === undefined) continue
          patch[key] = change
        }
        changed = true
      }
      marked.clear()
      if (!changed) return undefined
      rev += 1
      return { rev, patch: { [member]: patch } }
    },
  }
}

interface ValueFeedOptions<T> {
  /** The whole value now. Immutable: what was returned before must not change. */
  readonly read: () => T
  readonly firstRev: number
}

/** A feed of one value that is compared as a whole. */
export function createValueFeed<T>({ read, firstRev }: ValueFeedOptions<T>): TopicFeed {
  let published = read()
  let rev = firstRev

  return {
    get rev() {
      return rev
    },
    snapshot: () => published,
    publish() {
      const now = read()
      const patch = diffPatch(published, now)
      published = now
      if (patch === undefined) return undefined
      rev += 1
      return { rev, patch }
    },
  }
}

/** A new item is its own patch: contract values are JSON without null. */
function asJson<T>(value: T): Json {
  return diffPatch<unknown>(null, value) ?? null
}
