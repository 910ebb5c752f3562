import { describe, expect, it } from 'vitest'
import { limitDraftOf, limitWords, readLimit } from './limit-draft.ts'

const hosts = [
  { id: 'h1', name: 'lab' },
  { id: 'h2', name: 'rack-1' },
]

describe('the part of the fleet that a role is good for', () => {
  it.each([
    [undefined, 'the whole fleet'],
    [{ hosts: ['h1', 'h2'] }, 'machines on lab, rack-1'],
    [{ vmNames: 'web-*' }, 'machines named web-*'],
    [{ hosts: ['gone'], vmNames: 'web-?' }, 'machines on gone, named web-?'],
  ])('%j reads "%s"', (limit, words) => {
    expect(limitWords(limit, hosts)).toBe(words)
  })

  it.each([undefined, { hosts: ['h1'] }, { vmNames: 'db-*' }, { hosts: ['h2'], vmNames: 'db-*' }])(
    'comes out of the form as it went in: %j',
    (limit) => {
      expect(readLimit(limitDraftOf(limit), 'operator')).toEqual({ ok: true, limitedTo: limit })
    },
  )

  it('names hosts or a pattern once it is switched on', () => {
    expect(readLimit({ on: true, hosts: [], vmNames: '  ' }, 'viewer')).toEqual({ ok: false })
  })

  it('does not hold for administrators', () => {
    expect(readLimit(limitDraftOf({ vmNames: 'x' }), 'admin')).toEqual({ ok: true, limitedTo: undefined })
  })
})
