import type { Actor, AuditEntry } from '@coreshift/shared/contract'
import { wholeNumber } from './whole-number.ts'

export const audit = {
  title: 'Audit',
  intro: 'Who did what, and what came of it. Entries cannot be changed; each one is bound to the one before.',
  outcomes: {
    started: 'started',
    done: 'done',
    partial: 'partly done',
    failed: 'failed',
    refused: 'refused',
    info: 'note',
  } satisfies Record<AuditEntry['outcome'], string>,
  actor(actor: Actor): string {
    switch (actor.kind) {
      case 'user':
        return actor.name
      case 'token':
        return `token ${actor.name}`
      case 'system':
        return 'Coreshift'
      case 'outside':
        return 'from outside'
    }
  },
  what: 'the audit log',
  search: 'Search in the text',
  who: 'Who',
  outcome: 'Outcome',
  anyOutcome: 'Any outcome',
  from: 'From',
  to: 'Until',
  machine: 'Machine',
  live: 'New entries appear by themselves.',
  liveLost: 'New entries do not appear now: there is no connection to the server.',
  zone: (zone: string) => `(${zone})`,
  clearFilters: 'Clear filters',
  onlyAction: (action: string) => `Only ${action}`,
  onlyMachine: (name: string) => `Only ${name}`,
  empty: 'Nothing has been recorded yet',
  emptyText: 'Every resize, sign-in and change of settings will be listed here, with who asked for it.',
  nothingMatches: 'No entry matches the filters',
  older: 'Older entries',
  loadingOlder: 'Loading older entries',
  beginning: 'This is the beginning of the log.',
  everyStep: 'Every step',
  entryNumber: (id: number) => `Entry ${wholeNumber(id)}`,
  verifying: 'Verifying the chain of entries.',
  verified: (upTo: number) => `Verified up to entry ${wholeNumber(upTo)}.`,
  broken: (id: number) => `The chain is broken at entry ${wholeNumber(id)}`,
  brokenText: 'This entry, or one before it, was changed or removed outside of Coreshift.',
  notVerified: 'The chain could not be verified.',
  verifyAgain: 'Verify again',
  exportCsv: 'Export as CSV',
  exportJsonl: 'Export as JSON lines',
  fields: {
    action: 'Action',
    actor: 'By',
    address: 'From address',
    operation: 'Resize',
    duration: 'Took',
    request: 'Request',
    hash: 'Hash',
  },
}
