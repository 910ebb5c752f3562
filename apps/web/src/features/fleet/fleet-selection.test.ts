import { describe, expect, it } from 'vitest'
import { NOTHING_SELECTED, allToggled, coverage, extendedTo, toggled } from './fleet-selection.ts'

const rows = ['a', 'b', 'c', 'd'].map((uuid) => ({ uuid }))
const of = (...uuids: string[]) => ({ uuids: new Set(uuids), anchor: uuids.at(-1) })

describe('the selection of the fleet', () => {
  it('takes a machine and lets it go again', () => {
    const one = toggled(NOTHING_SELECTED, 'b')
    expect([...one.uuids]).toEqual(['b'])
    expect(toggled(one, 'b').uuids.size).toBe(0)
  })

  it.each([
    ['downwards', 'b', 'd', 'bcd'],
    ['upwards', 'c', 'a', 'abc'],
    ['in place', 'c', 'c', 'c'],
  ])('reaches %s from the machine chosen last', (_, from, to, expected) => {
    const { uuids, anchor } = extendedTo(of(from), rows, to)
    expect([...uuids].sort().join('')).toBe(expected)
    expect(anchor).toBe(from)
  })

  it('begins a range where the one before is not in the list', () => {
    expect(extendedTo(of('gone'), rows, 'b')).toEqual({ uuids: new Set(['gone', 'b']), anchor: 'b' })
    expect(extendedTo(of('a'), rows, 'nowhere')).toEqual(of('a'))
  })

  it('takes the whole list and lets only that go', () => {
    const all = allToggled(of('elsewhere', 'a'), rows)
    expect(all.uuids.size).toBe(5)
    expect([...allToggled(all, rows).uuids]).toEqual(['elsewhere'])
  })

  it.each([
    [of(), 'none'],
    [of('elsewhere'), 'none'],
    [of('a'), 'some'],
    [of('a', 'b', 'c', 'd', 'elsewhere'), 'all'],
  ])('knows how much of the list it covers', (selection, expected) => {
    expect(coverage(selection, rows)).toBe(expected)
  })
})
