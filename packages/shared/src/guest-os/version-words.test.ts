import { expect, it } from 'vitest'
import type { VersionMatch } from './matrix-row.ts'
import { versionInWords } from './version-words.ts'

it.each<[VersionMatch, string]>([
  [{ type: 'any' }, ''],
  [{ type: 'exact', value: '6.3' }, '6.3'],
  [{ type: 'prefix', value: '9' }, '9'],
  [{ type: 'range', min: '6.6', below: '7' }, '6.6 to below 7'],
  [{ type: 'range', min: '18.10' }, 'from 18.10'],
  [{ type: 'list', values: ['8', '8.1'] }, '8, 8.1'],
  [{ type: 'list', values: ['testing', ''] }, 'testing, none given'],
])('%j reads "%s"', (match, words) => {
  expect(versionInWords(match)).toBe(words)
})
