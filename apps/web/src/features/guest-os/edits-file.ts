import type { GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'

type EditsReading =
  { readonly ok: true; readonly edits: GuestOsMatrixInput['edits'] } | { readonly ok: false }

/** Reads an exported file as far as to know that it is one; the server judges every row of it. */
export function readEdits(text: string): EditsReading {
  try {
    const file: unknown = JSON.parse(text)
    if (typeof file !== 'object' || file === null || !('edits' in file) || !Array.isArray(file.edits)) {
      return { ok: false }
    }
    return { ok: true, edits: file.edits as GuestOsMatrixInput['edits'] }
  } catch {
    // Not JSON: another file was chosen.
    return { ok: false }
  }
}

export function countEdits(view: GuestOsMatrixView): number {
  return view.rows.filter((row) => row.edit !== undefined).length
}
