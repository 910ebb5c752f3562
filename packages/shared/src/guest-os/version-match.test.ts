import { describe, expect, it } from 'vitest'
import type { VersionMatch } from './matrix-row.ts'
import { matchesVersion } from './version-match.ts'

describe('a version of the matrix', () => {
  it.each<{ match: VersionMatch; yes: readonly (string | null)[]; no: readonly (string | null)[] }>([
    { match: { type: 'any' }, yes: ['9', '', null], no: [] },
    { match: { type: 'exact', value: '6.3' }, yes: ['6.3'], no: ['6', '6.30', '6.3.1', '', null] },
    { match: { type: 'prefix', value: '9' }, yes: ['9', '9.4', '9.10.1'], no: ['90', '8.9', '', null] },
    {
      match: { type: 'range', min: '6.6', below: '7' },
      yes: ['6.6', '6.9', '6.10', '6.10.2'],
      no: ['6.5', '7', '7.0', '6', 'testing', '', null],
    },
    { match: { type: 'range', min: '18.10' }, yes: ['18.10', '25.10'], no: ['18.04', null] },
    { match: { type: 'list', values: ['testing', ''] }, yes: ['testing', ''], no: ['13', null] },
  ])('$match', ({ match, yes, no }) => {
    expect(yes.filter((version) => !matchesVersion(match, version))).toEqual([])
    expect(no.filter((version) => matchesVersion(match, version))).toEqual([])
  })
})
