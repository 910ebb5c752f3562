import { searchText } from '../../ui/search-text.ts'

export const FLEET_FILTERS = ['all', 'running', 'resizing', 'stuck', 'restart', 'offline'] as const
export type FleetFilter = (typeof FLEET_FILTERS)[number]

export const FLEET_SORTS = [
  'name',
  'status',
  'host',
  'guestOs',
  'sockets',
  'vcpus',
  'load',
  'attention',
] as const
export type FleetSort = (typeof FLEET_SORTS)[number]

/** What the address bar says about the fleet; what is absent is the default. */
export interface FleetSearch {
  readonly q?: string
  readonly show?: FleetFilter
  readonly host?: string
  readonly sort?: FleetSort
  readonly down?: true
}

function member<T extends string>(list: readonly T[], value: unknown): T | undefined {
  return list.find((item) => item === value)
}

/** Reads the address; what makes no sense is left out. */
export function readFleetSearch(search: Record<string, unknown>): FleetSearch {
  const q = searchText(search['q'])
  const show = member(FLEET_FILTERS, search['show'])
  const sort = member(FLEET_SORTS, search['sort'])
  const host = typeof search['host'] === 'string' ? search['host'] : ''
  return {
    ...(q === '' ? {} : { q }),
    ...(show && show !== 'all' ? { show } : {}),
    ...(host === '' ? {} : { host }),
    ...(sort && sort !== 'name' ? { sort } : {}),
    ...(search['down'] === true ? { down: true } : {}),
  }
}
