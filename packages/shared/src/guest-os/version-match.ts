import type { VersionMatch } from './matrix-row.ts'

/** -1, 0 or 1, component by component; a missing component counts as 0 and words sort after numbers. */
function compareVersions(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const one = Number(left[index] ?? '0')
    const other = Number(right[index] ?? '0')
    if (Number.isNaN(one) || Number.isNaN(other)) return a < b ? -1 : Number(a > b)
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** Whether `version` is `prefix` or continues it by dotted components: 9.4 continues 9, 90 does not. */
export function continuesVersion(version: string, prefix: string): boolean {
  return version === prefix || version.startsWith(`${prefix}.`)
}

const NUMERIC = /^\d+(?:\.\d+)*$/

/** @param version `null` when it is not known: then only a row for any version answers */
export function matchesVersion(match: VersionMatch, version: string | null): boolean {
  if (match.type === 'any') return true
  if (version === null) return false
  switch (match.type) {
    case 'exact':
      return version === match.value
    case 'prefix':
      return continuesVersion(version, match.value)
    case 'list':
      return match.values.includes(version)
    case 'range':
      return (
        NUMERIC.test(version) &&
        compareVersions(version, match.min) >= 0 &&
        (match.below === undefined || compareVersions(version, match.below) < 0)
      )
  }
}

const VERSION_RANK: Readonly<Record<VersionMatch['type'], number>> = {
  exact: 0,
  list: 1,
  range: 2,
  prefix: 3,
  any: 4,
}

/** The more closely a row names a version, the lower its rank; the lowest answers. */
export function versionRank(match: VersionMatch): number {
  return VERSION_RANK[match.type]
}
