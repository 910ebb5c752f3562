import { describe, expect, it } from 'vitest'
import { KEPT_CHANGES_MAX, KEPT_VALUES_MAX, createKeptChanges } from './kept-changes.ts'

describe('kept changes', () => {
  it('are those after a revision, in their order', () => {
    const kept = createKeptChanges(10)
    expect(kept.since(10)).toEqual([])
    kept.add({ rev: 11, patch: 'a' })
    kept.add({ rev: 12, patch: 'b' })
    expect(kept.since(10)).toEqual(['a', 'b'])
    expect(kept.since(11)).toEqual(['b'])
    expect(kept.since(12)).toEqual([])
  })

  it('are unknown from before the first and from after the last', () => {
    const kept = createKeptChanges(10)
    kept.add({ rev: 11, patch: 'a' })
    expect(kept.since(9)).toBeUndefined()
    expect(kept.since(12)).toBeUndefined()
  })

  it('are no more than so many', () => {
    const kept = createKeptChanges(0)
    for (let rev = 1; rev <= KEPT_CHANGES_MAX + 1; rev += 1) kept.add({ rev, patch: rev })
    expect(kept.since(0)).toBeUndefined()
    expect(kept.since(1)).toHaveLength(KEPT_CHANGES_MAX)
  })

  it('hold no more than so many values, and none at all when one alone holds more', () => {
    const kept = createKeptChanges(0)
    const large = Object.fromEntries(Array.from({ length: KEPT_VALUES_MAX / 2 }, (_, key) => [key, 1]))
    for (let rev = 1; rev <= 3; rev += 1) kept.add({ rev, patch: large })
    expect(kept.since(1)).toBeUndefined()
    expect(kept.since(2)).toEqual([large])
    kept.add({ rev: 4, patch: { large, larger: large } })
    expect(kept.since(3)).toBeUndefined()
    expect(kept.since(4)).toEqual([])
  })
})
