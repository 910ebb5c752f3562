import type { Json } from '@coreshift/shared'

/** Changes of a topic that are kept for viewers who come back: half a minute of a busy one. */
export const KEPT_CHANGES_MAX = 600
/** Values in all of them together, so that a storm does not fill the memory: a few megabytes. */
export const KEPT_VALUES_MAX = 100_000

/** The newest changes of a topic. */
export interface KeptChanges {
  /** Keeps a change that was published; the oldest give way. */
  add(change: { readonly rev: number; readonly patch: Json }): void
  /** What leads from a revision to the newest, in order; `undefined` when that is not known (any more). */
  since(rev: number): readonly Json[] | undefined
}

/** @param firstRev what viewers who were there before the first change have */
export function createKeptChanges(firstRev: number): KeptChanges {
  let kept: readonly { readonly patch: Json; readonly values: number }[] = []
  let values = 0
  let newestRev = firstRev

  return {
    add({ rev, patch }) {
      const added = { patch, values: valuesIn(patch) }
      kept = [...kept, added]
      values += added.values
      newestRev = rev
      let gone = 0
      while (kept.length - gone > KEPT_CHANGES_MAX || values > KEPT_VALUES_MAX) {
        values -= kept[gone]?.values ?? 0
        gone += 1
      }
      if (gone > 0) kept = kept.slice(gone)
    },
    since(rev) {
      const missed = newestRev - rev
      if (missed < 0 || missed > kept.length) return undefined
      return kept.slice(kept.length - missed).map(({ patch }) => patch)
    },
  }
}

function valuesIn(patch: Json): number {
  if (typeof patch !== 'object' || patch === null) return 1
  return Object.values(patch).reduce((sum: number, value) => sum + valuesIn(value), 1)
}
