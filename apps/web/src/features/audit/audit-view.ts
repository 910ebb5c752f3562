import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditFilter } from '../../data/audit-queries.ts'
import { calendarDay, type TimeZone } from '../../ui/time-words.ts'

/** Whether an entry that came live belongs to the filtered list; the server's rules, in short. */
export function fitsFilter(entry: AuditEntry, filter: AuditFilter): boolean {
  return (
    (!filter.vm || entry.vm === filter.vm) &&
    (!filter.actor || entry.actor.name === filter.actor) &&
    (!filter.action || entry.action === filter.action) &&
    (!filter.outcome || entry.outcome === filter.outcome) &&
    (!filter.from || entry.at >= filter.from) &&
    (!filter.to || entry.at < filter.to) &&
    (!filter.q || entry.message.toLowerCase().includes(filter.q.toLowerCase()))
  )
}

/** Entries that came live before those that were asked for, newest first, none twice. */
export function mergeEntries(
  live: readonly AuditEntry[],
  asked: readonly AuditEntry[],
  filter: AuditFilter,
): AuditEntry[] {
  const newest = asked[0]?.id ?? 0
  const fresh = live
    .filter((entry) => entry.id > newest && fitsFilter(entry, filter))
    .sort((a, b) => b.id - a.id)
  return [...fresh, ...asked]
}

interface AuditDay {
  readonly day: string
  readonly entries: readonly AuditEntry[]
}

/** Entries under the day they happened on, in the chosen zone. */
export function byDay(entries: readonly AuditEntry[], timeZone: TimeZone): AuditDay[] {
  const days: { day: string; entries: AuditEntry[] }[] = []
  for (const entry of entries) {
    const day = calendarDay(entry.at, timeZone)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
