import type { AuditFilter } from '../../data/audit-queries.ts'
import { searchText } from '../../ui/search-text.ts'

const FIELDS = ['vm', 'actor', 'action', 'outcome', 'from', 'to', 'q'] as const

/** Reads the address; empty and unknown members are left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditFilter {
  const filter: Record<string, string> = {}
  for (const field of FIELDS) {
    const value = searchText(search[field])
    if (value !== '') filter[field] = value
  }
  return filter
}

/** The address of a filter: members that are set, nothing else. */
export function withoutEmpty(filter: AuditFilter): AuditFilter {
  return readAuditSearch({ ...filter })
}
