import { describe, expect, it } from 'vitest'
import { GUEST_OS } from '../../../stories/guest-os-fixture.ts'
import { countEdits, readEdits } from './edits-file.ts'
import { readGuestOsSearch } from './guest-os-search.ts'
import { matchingRows } from './matrix-view.ts'

describe('changes of the matrix as a file', () => {
  it('are taken as they were exported', () => {
    const edits = [{ row: 'debian-13', plug: '+', unplug: '-', reason: 'seen', by: 'ann' }]
    expect(readEdits(JSON.stringify({ edits }))).toEqual({ ok: true, edits })
  })

  it.each(['', 'no JSON', '[]', 'null', '{"edits":{}}', '{"rows":[]}'])('are not in %j', (text) => {
    expect(readEdits(text)).toEqual({ ok: false })
  })

  it('are counted, and can be looked at alone', () => {
    expect(matchingRows(GUEST_OS.rows, '', 'edited')).toHaveLength(countEdits(GUEST_OS))
  })

  it('have an address', () => {
    expect(readGuestOsSearch({ show: 'edited', row: 'rhel-9', q: '', more: 1 })).toEqual({
      show: 'edited',
      row: 'rhel-9',
    })
    expect(readGuestOsSearch({ show: 'all' })).toEqual({})
  })
})
