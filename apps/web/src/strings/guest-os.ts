import type { GuestOsRow, GuestSupportValue } from '@coreshift/shared/contract'
import { formatDuration } from '@coreshift/shared'

export const guestOs = {
  title: 'Guest systems',
  what: 'the guest systems',
  intro:
    'What each system can do with vCPUs while it runs. The first table is the one known from oVirt; the rest was added with its source.',
  search: 'Search',
  searchHint: 'System, version or architecture',
  support: {
    '+': 'yes',
    '-': 'no',
    'reboot-required': 'after a reboot',
    unknown: 'not known',
  } satisfies Record<GuestSupportValue, string>,
  columns: {
    system: 'System',
    version: 'Version and edition',
    arch: 'Architecture',
    plug: 'Adding',
    unplug: 'Removing',
    evidence: 'Says who',
    seen: 'Seen in this fleet',
    vms: 'Machines',
  },
  any: 'all',
  evidence: {
    seed: 'oVirt table of 2014',
    named: 'documentation of this release',
    family: 'documentation of its family',
    generic: 'general documentation',
    platform: 'limit of the platform',
    conflict: 'sources disagree',
    none: 'nobody',
  } satisfies Record<GuestOsRow['evidence'], string>,
  seen: (plugs: number, unplugs: number, refusals: number, medianMs: number | undefined) =>
    [
      `${plugs} added`,
      `${unplugs} removed${medianMs === undefined ? '' : ` in ${formatDuration(medianMs)}`}`,
      ...(refusals > 0 ? [`${refusals} refused`] : []),
    ].join(', '),
  neverSeen: 'not yet',
  edited: (by: string) => `set by ${by}`,
  details: 'Details',
  detailsOf: (name: string, version: string) => `Details of ${name} ${version}`.trim(),
  sources: 'Sources',
  later: 'Newer documentation says',
  shipped: 'As shipped',
  reason: 'Reason',
  limitedBy: 'Limited by',
  socketsMax: (n: number) => `Uses ${n} sockets at most`,
  lastFailure: 'Last failure',
  plugSays: (plug: string, unplug: string) => `adding ${plug}, removing ${unplug}`,
  takeBack: 'As shipped again',
  save: 'Save',
  saving: 'Saving',
  reasonMissing: 'Say why, so that others can judge it later.',
  nothingMatches: 'No row matches',
  show: 'Show',
  filters: {
    all: 'all rows',
    here: 'rows of machines here',
    edited: 'rows changed here',
    seen: 'rows with experience here',
  },
  edits: (n: number) =>
    n === 0
      ? 'No row was changed here.'
      : n === 1
        ? '1 row was changed here.'
        : `${n} rows were changed here.`,
  export: 'Export the changes',
  import: 'Take the changes from a file:',
  wrongFile: 'This is no file of changes: it has to be one that was exported here or on another server.',
  restoreAll: 'All as shipped again',
  restoreSure: (n: number) =>
    `Take back ${n === 1 ? 'the one change' : `all ${n} changes`}? Export them first to keep them.`,
  restoreYes: 'Take back',
  restoreNo: 'Keep',
  saved: 'Saved.',
  adminOnly: 'Administrators can change rows.',
  updated: (day: string) => `Data of ${day}.`,
}
