import { describe, expect, it } from 'vitest'
import type { GuestOsMatrixView } from '@coreshift/shared/contract'
import { GUEST_OS } from '../../../stories/guest-os-fixture.ts'
import { matchingRows, withEdit } from './matrix-view.ts'

describe('the guest systems', () => {
  it('are found by words in any order', () => {
    expect(matchingRows(GUEST_OS.rows, 'x86_64 hat').map(({ id }) => id)).toEqual(['rhel-9-x86_64'])
    expect(matchingRows(GUEST_OS.rows, '')).toHaveLength(GUEST_OS.rows.length)
  })

  it('keep the other edits when one row is changed', () => {
    const input = withEdit(GUEST_OS, 'rhel-9-x86_64', { plug: '+', unplug: '-', reason: 'seen' })
    expect(input.edits.map(({ row }) => row)).toEqual(['debian-12-x86_64', 'rhel-9-x86_64'])
    expect(input.rev).toBe(GUEST_OS.rev)
  })

  it('leave an edit out when the row is to be as shipped again', () => {
    const view: GuestOsMatrixView = GUEST_OS
    expect(withEdit(view, 'debian-12-x86_64', undefined).edits).toEqual([])
  })
})
