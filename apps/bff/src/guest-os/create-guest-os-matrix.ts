import { guestOsMatrix, type GuestOsMatrix, type MatrixEdit } from '@coreshift/shared'
import { readGuestOsData } from './guest-os-data.ts'

/**
 * The guest OS matrix as shipped, with an administrator's edits on top.
 * @param edits the last one of a row holds; edits of rows that do not exist (any more) change nothing
 */
export function createGuestOsMatrix(edits: readonly MatrixEdit[] = []): GuestOsMatrix {
  return guestOsMatrix(readGuestOsData(), edits)
}
