import { versionInWords, type MatrixEdit, type MatrixRow } from '@coreshift/shared'
import type { GuestOsExperience, GuestOsMatrixView, GuestOsRow } from '@coreshift/shared/contract'
import type { readGuestOsData } from './guest-os-data.ts'

/** What is known of each row beside the data: who changed it, and what this fleet has seen. */
export interface MatrixSurroundings {
  readonly rev: number
  readonly edits: readonly MatrixEdit[]
  /** By row. */
  readonly seen?: ReadonlyMap<string, GuestOsExperience>
  /** VMs that the row answers for now, by row. */
  readonly vms?: ReadonlyMap<string, number>
}

/** The matrix as its page shows it. */
export function matrixView(
  data: Pick<ReturnType<typeof readGuestOsData>, 'rows' | 'matrixFile'>,
  surroundings: MatrixSurroundings,
): GuestOsMatrixView {
  const { matrixFile } = data
  const edits = new Map(surroundings.edits.map((edit) => [edit.row, edit]))
  return {
    updated: matrixFile.updated,
    rows: data.rows.map((row) => rowView(row, edits.get(row.id), surroundings)),
    notes: matrixFile.notes.map(({ applies_to: appliesTo, ...note }) => ({ ...note, appliesTo })),
    sources: matrixFile.sources,
    rev: surroundings.rev,
  }
}

function rowView(row: MatrixRow, edit: MatrixEdit | undefined, surroundings: MatrixSurroundings): GuestOsRow {
  const {
    version,
    edition,
    seed,
    later,
    limitedBy,
    socketsMax,
    socketsMaxByEdition: _,
    source,
    ...plain
  } = row
  const vms = surroundings.vms?.get(row.id)
  const seen = surroundings.seen?.get(row.id)
  return {
    ...plain,
    version: versionInWords(version),
    editions: edition.type === 'any' ? [] : [...edition.values],
    source: [...source],
    ...(limitedBy !== undefined && { limitedBy }),
    ...(socketsMax !== undefined && { socketsMax }),
    ...(seed && { seed }),
    ...(later && { later: { ...later, source: [...later.source] } }),
    ...(edit && {
      plug: edit.plug,
      unplug: edit.unplug,
      edit: { plug: edit.plug, unplug: edit.unplug, reason: edit.reason, by: edit.by, at: edit.at },
      shipped: { plug: row.plug, unplug: row.unplug },
    }),
    ...(vms !== undefined && { vms }),
    ...(seen && { seen }),
  }
}
