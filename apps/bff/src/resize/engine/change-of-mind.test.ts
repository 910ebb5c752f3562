import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeMind, sayChangeOfMind } from './change-of-mind.ts'
import { advance } from './resize-engine.ts'
import { openExample, openPlug, range } from './testing/open-example.ts'
import { Story } from './testing/story.ts'

const set = (from: number, to: number) => new Set(range(from, to))
const nothing = { avoidable: [], committed: [], addBackIfGone: [], addBack: [], removeToo: [], addToo: [] }

/** 8 to 4 under way: 6-7 are gone, 4-5 are out. */
const underWay = () =>
  new Story(advance, openExample()).begin().accepted().after(300).sees(range(0, 5)).record

describe('a change of mind while vCPU 4-7 are being removed, 6-7 gone and 4-5 out', () => {
  it('R21 back to all: what is gone is added back, what was asked for is added again if it goes', () => {
    const change = changeMind(underWay(), set(0, 7), set(0, 5))
    expect(change).toEqual({ ...nothing, addBackIfGone: [4, 5], addBack: [6, 7] })
    expect(sayChangeOfMind(change)).toEqual([
      'vCPU 4-5 cannot be kept for certain: the guest was asked. It is added again if it goes.',
      'vCPU 6-7 is gone and is added back.',
    ])
  })

  it('R21 further down: what is asked for stays asked for, the rest is removed too', () => {
    expect(changeMind(underWay(), set(0, 1), set(0, 5))).toEqual({
      ...nothing,
      committed: [4, 5],
      removeToo: [2, 3],
    })
  })

  it('R21 further up than before: added back and added', () => {
    expect(changeMind(underWay(), set(0, 9), set(0, 5))).toEqual({
      ...nothing,
      addBackIfGone: [4, 5],
      addBack: [6, 7],
      addToo: [8, 9],
    })
  })
})

describe('a change of mind in other places', () => {
  it('R21 before anything was sent: it is all avoided', () => {
    const { record } = openExample()
    expect(changeMind(record, set(0, 7), set(0, 7))).toEqual({ ...nothing, avoidable: [4, 5, 6, 7] })
  })

  it('R21 an addition that is on its way is not asked for twice, and is removed if it is not wanted', () => {
    const { record } = new Story(advance, openPlug()).begin()
    expect(changeMind(record, set(0, 7), set(0, 3))).toEqual(nothing)
    expect(changeMind(record, set(0, 3), set(0, 3))).toEqual({ ...nothing, removeToo: [4, 5, 6, 7] })
  })

  it('R21 refused vCPUs that are wanted again need nothing', () => {
    const story = new Story(advance, openExample())
      .begin()
      .accepted()
      .after(5)
      .refusal(6)
      .after(5)
      .sees(range(0, 7))
    expect(changeMind(story.record, set(0, 7), set(0, 7))).toEqual({ ...nothing, addBackIfGone: [4, 5] })
  })

  it('R21 whatever is wanted: each vCPU has one fate, and the plan leads to the wish', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 11 })).map((list) => new Set(list))
    fc.assert(
      fc.property(ids, ids, fc.boolean(), (wanted, enabled, sent) => {
        const record = sent ? underWay() : openExample().record
        const change = changeMind(record, wanted, enabled)
        const { avoidable, ...fates } = change
        const all = Object.values(fates).flat()
        expect(new Set(all).size).toBe(all.length)
        const end = new Set([...enabled, ...change.addBack, ...change.addToo])
        for (const id of [...change.removeToo, ...change.committed]) end.delete(id)
        expect(end).toEqual(wanted)
        for (const id of avoidable) expect(all).not.toContain(id)
      }),
    )
  })
})
