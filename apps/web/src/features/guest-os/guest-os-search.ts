import { searchText } from '../../ui/search-text.ts'

export const ROW_FILTERS = ['all', 'here', 'edited', 'seen'] as const
export type RowFilter = (typeof ROW_FILTERS)[number]

/** What the address says about the matrix. */
interface GuestOsSearch {
  readonly q?: string
  readonly show?: Exclude<RowFilter, 'all'>
  /** The row that is open. */
  readonly row?: string
}

export function readGuestOsSearch(search: Record<string, unknown>): GuestOsSearch {
  const q = searchText(search['q'])
  const row = searchText(search['row'])
  const show = ROW_FILTERS.find((filter) => filter === search['show'])
  return {
    ...(q === '' ? {} : { q }),
    ...(show && show !== 'all' ? { show } : {}),
    ...(row === '' ? {} : { row }),
  }
}
