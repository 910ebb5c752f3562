import { describe, expect, it } from 'vitest'
import { entry } from '../../../stories/fixtures.ts'
import { readAuditSearch } from './audit-search.ts'
import { byDay, fitsFilter, mergeEntries } from './audit-view.ts'

describe('the audit list', () => {
  const old = entry(100, 'resized', { id: 5 })
  const fresh = entry(1, 'signed in', { id: 7, vm: 'other', action: 'session.started' })

  it('puts live entries before those that were asked for, none twice', () => {
    expect(mergeEntries([fresh, old], [old], {}).map(({ id }) => id)).toEqual([7, 5])
  })

  it('takes only those live entries that fit the filter', () => {
    expect(mergeEntries([fresh], [old], { action: 'resize.finished' }).map(({ id }) => id)).toEqual([5])
  })

  it.each([
    [{ q: 'SIGNED' }, true],
    [{ q: 'nothing' }, false],
    [{ actor: 'ann' }, true],
    [{ actor: 'ben' }, false],
    [{ outcome: 'failed' }, false],
    [{ vm: 'other' }, true],
    [{ from: fresh.at }, true],
    [{ to: fresh.at }, false],
  ])('fits %j: %s', (filter, expected) => {
    expect(fitsFilter(fresh, filter)).toBe(expected)
  })

  it('stands under the days of the viewer', () => {
    const late = { ...old, at: '2026-11-21T23:30:00.000Z' }
    expect(byDay([late], 'UTC')[0]?.day).toBe('21 Nov 2026')
    expect(byDay([late], 'Europe/Berlin')[0]?.day).toBe('22 Nov 2026')
  })

  it('has an address without empty members', () => {
    expect(readAuditSearch({ q: '', vm: 'x', page: 3 })).toEqual({ vm: 'x' })
  })
})
