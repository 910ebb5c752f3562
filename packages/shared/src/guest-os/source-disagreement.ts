import type { DetectedSystem } from './detection-rules.ts'
import { findInMatrix } from './matrix-answer.ts'
import type { MatrixRow } from './matrix-row.ts'
import { continuesVersion } from './version-match.ts'

/** Says of itself only that it is some Linux. */
const SOME_LINUX = 'linux-other'

interface Sources {
  readonly rows: readonly MatrixRow[]
  readonly override: MatrixRow | undefined
  readonly agent: DetectedSystem | undefined
  readonly metadata: DetectedSystem | undefined
  /** The matrix's name of the guest's architecture. */
  readonly arch: string
}

function familyOf(rows: readonly MatrixRow[], os: string): string {
  return rows.find((row) => row.os === os)?.family ?? 'other'
}

function differInSystem(rows: readonly MatrixRow[], a: string, b: string): boolean {
  if (a === b || a === 'other' || b === 'other') return false
  if (a === SOME_LINUX || b === SOME_LINUX) return familyOf(rows, a) !== familyOf(rows, b)
  return true
}

function compatibleVersions(a: string | null, b: string | null): boolean {
  return a === null || b === null || continuesVersion(a, b) || continuesVersion(b, a)
}

function sameRows(sources: Sources, a: DetectedSystem, b: DetectedSystem): boolean {
  // Metadata never know the edition, so it is left out on both sides.
  const ids = (system: DetectedSystem) =>
    findInMatrix(sources.rows, { ...system, edition: null, arch: sources.arch })
      .rows.map((row) => row.id)
      .join()
  return ids(a) === ids(b)
}

/**
 * Where two sources name different systems, in a sentence. A metadata entry that is only a minor release
 * behind and gets the same answer is no disagreement: it is set once, at creation.
 */
export function disagreementOf(sources: Sources): string | undefined {
  const { rows, override, agent, metadata } = sources
  if (override) {
    const told = agent ?? metadata
    if (!told || !differInSystem(rows, override.os, told.os)) return undefined
    const who = agent ? 'the guest agent says' : "the VM's metadata say"
    return `An administrator set ${override.name}, ${who} ${told.name}.`
  }
  if (!agent || !metadata) return undefined
  const differ =
    differInSystem(rows, agent.os, metadata.os) ||
    (agent.os === metadata.os &&
      !compatibleVersions(agent.version, metadata.version) &&
      !sameRows(sources, agent, metadata))
  return differ ? `The guest agent says ${agent.name}, the VM's metadata say ${metadata.name}.` : undefined
}
