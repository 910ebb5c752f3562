import type { GuestSupportValue } from '../contract/vm.ts'
import type { EditionMatch, GuestKey, GuestSupport, MatrixFamily, MatrixRow } from './matrix-row.ts'
import { matchesVersion, versionRank } from './version-match.ts'

/** What the matrix says about a guest. */
export interface MatrixAnswer extends GuestSupport {
  /** The rows that answer: one, or several editions of a release when the edition is not known; none if nothing is known. */
  readonly rows: readonly MatrixRow[]
  /** Sockets that the guest uses at most; where its edition is not known, those of the edition that uses most. */
  readonly socketsMax?: number
}

/** Systems that stand in where a guest's own has no row. Windows has rows for any version of its own. */
const FALLBACK: Readonly<Partial<Record<MatrixFamily, string>>> = { linux: 'linux-other' }
const LAST_RESORT = 'other'

function matchesEdition(match: EditionMatch, edition: string | null): boolean {
  return match.type === 'any' || (edition !== null && match.values.includes(edition))
}

function inOrder(a: MatrixRow, b: MatrixRow): number {
  const editionRank = (row: MatrixRow) => (row.edition.type === 'list' ? 0 : 1)
  const originRank = (row: MatrixRow) => (row.origin === 'seed' ? 0 : 1)
  return (
    versionRank(a.version) - versionRank(b.version) ||
    editionRank(a) - editionRank(b) ||
    originRank(a) - originRank(b)
  )
}

/** Rows of one system that answer for a guest, the rule of the matrix's `matching` section. */
function rowsFor(rows: readonly MatrixRow[], os: string, key: GuestKey): readonly MatrixRow[] {
  const candidates = rows
    .filter((row) => row.os === os && row.arch === key.arch && matchesVersion(row.version, key.version))
    .sort(inOrder)
  // The rows that name the version most closely decide, also where the edition is not among theirs.
  const release = candidates.filter(
    (row) => candidates[0] && versionRank(row.version) === versionRank(candidates[0].version),
  )
  const best = release.find((row) => matchesEdition(row.edition, key.edition))
  return best ? [best] : release
}

function shared<T>(values: readonly T[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined
}

function socketsMaxOf(rows: readonly MatrixRow[], edition: string | null): number | undefined {
  const limits = rows.map((row) => {
    const { socketsMax, socketsMaxByEdition } = row
    return (edition === null ? undefined : socketsMaxByEdition?.[edition]) ?? socketsMax
  })
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 || known.length < limits.length ? undefined : Math.max(...known)
}

/**
 * The value that all rows share, otherwise unknown.
 * @param edition of the guest, where it is known
 */
export function answerOf(rows: readonly MatrixRow[], edition: string | null): MatrixAnswer {
  const common = (pick: (row: MatrixRow) => GuestSupportValue): GuestSupportValue =>
    shared(rows.map(pick)) ?? 'unknown'
  const socketsMax = socketsMaxOf(rows, edition)
  return {
    rows,
    plug: common((row) => row.plug),
    unplug: common((row) => row.unplug),
    ...(socketsMax !== undefined && { socketsMax }),
  }
}

/**
 * What the matrix says about a guest. Without a row of its own system, the row for other systems of its
 * family answers, then the row for unrecognised guests.
 */
export function findInMatrix(rows: readonly MatrixRow[], key: GuestKey): MatrixAnswer {
  const family = rows.find((row) => row.os === key.os)?.family
  const stages = [key.os, family && FALLBACK[family], LAST_RESORT]
  for (const os of stages) {
    const found = os === undefined ? [] : rowsFor(rows, os, key)
    if (found.length > 0) return answerOf(found, key.edition)
  }
  return answerOf([], null)
}
