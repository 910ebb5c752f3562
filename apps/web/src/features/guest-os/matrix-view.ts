import type {
  GuestOsMatrixInput,
  GuestOsMatrixView,
  GuestOsRow,
  GuestSupportValue,
} from '@coreshift/shared/contract'
import type { RowFilter } from './guest-os-search.ts'

const FITS: Record<RowFilter, (row: GuestOsRow) => boolean> = {
  all: () => true,
  here: (row) => (row.vms ?? 0) > 0,
  edited: (row) => row.edit !== undefined,
  seen: (row) => row.seen !== undefined,
}

/** Rows that contain every word of the search. */
export function matchingRows(
  rows: readonly GuestOsRow[],
  search: string,
  filter: RowFilter = 'all',
): GuestOsRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const text = `${row.name} ${row.version} ${row.editions.join(' ')} ${row.arch} ${row.os}`.toLowerCase()
    return FITS[filter](row) && words.every((word) => text.includes(word))
  })
}

export interface RowEdit {
  readonly plug: GuestSupportValue
  readonly unplug: GuestSupportValue
  readonly reason: string
}

/** All edits that are to hold after one row was changed, or (undefined) made as shipped again. */
export function withEdit(
  view: GuestOsMatrixView,
  rowId: string,
  edit: RowEdit | undefined,
): GuestOsMatrixInput {
  const others = view.rows.flatMap((row) =>
    row.edit === undefined || row.id === rowId
      ? []
      : [{ row: row.id, plug: row.edit.plug, unplug: row.edit.unplug, reason: row.edit.reason }],
  )
  return { edits: edit ? [...others, { row: rowId, ...edit }] : others, rev: view.rev }
}
