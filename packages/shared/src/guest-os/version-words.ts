import type { VersionMatch } from './matrix-row.ts'

/** The versions a row speaks about, for a person: `9`, `6.6 to below 7`, `from 18.10`, `8, 8.1`; empty for any. */
export function versionInWords(match: VersionMatch): string {
  switch (match.type) {
    case 'any':
      return ''
    case 'exact':
    case 'prefix':
      return match.value
    case 'list':
      return match.values.map((value) => (value === '' ? 'none given' : value)).join(', ')
    case 'range':
      return match.below === undefined ? `from ${match.min}` : `${match.min} to below ${match.below}`
  }
}
