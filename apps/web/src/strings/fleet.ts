import { wholeNumber } from './whole-number.ts'

export const fleet = {
  title: 'Fleet',
  what: 'the machines',
  search: 'Search',
  searchHint: 'Name, host or guest system',
  columns: {
    status: 'Status',
    name: 'Name',
    host: 'Host',
    guestOs: 'Guest system',
    sockets: 'Sockets',
    vcpus: 'vCPUs / max',
    load: 'Load',
    attention: 'Needs attention',
  },
  shown: (shown: number, all: number) =>
    shown === all ? `${wholeNumber(all)} machines` : `${wholeNumber(shown)} of ${wholeNumber(all)} machines`,
  counts: {
    running: (n: number) => `${wholeNumber(n)} running`,
    resizing: (n: number) => `${wholeNumber(n)} resizing`,
    stuck: (n: number) => `${wholeNumber(n)} stuck or refused`,
    restart: (n: number) => `${wholeNumber(n)} waiting for a restart`,
    offline: (n: number) => (n === 1 ? '1 host offline' : `${n} hosts offline`),
  },
  attention: {
    pending: (n: number) => `${n} pending`,
    stuck: (n: number) => `${n} stuck`,
    refused: (n: number) => `${n} refused`,
    restart: (from: string, to: string) => `restart pending ${from} → ${to}`,
    offlineInGuest: (n: number) => `${n} not used by the guest`,
    stale: 'host offline',
  },
  select: 'Select',
  selectOne: (name: string) => `Select ${name}`,
  selectAll: (n: number) => `Select all ${wholeNumber(n)} machines of the list`,
  keys: 'Arrow keys move, Enter opens, the space bar selects, Shift with arrows selects several, Control A selects all.',
  keysOfViewer: 'Arrow keys move, Enter opens.',
  allHosts: 'All hosts',
  host: 'Host',
  empty: 'No machines yet',
  emptyText:
    'The connected hosts have no virtual machines, or no host is connected. Machines appear here by themselves as soon as a host has some.',
  nothingMatches: 'No machine matches',
  nothingMatchesText: 'Change the search or the filters.',
  clear: 'Clear search and filters',
}
