import { fleet } from '../../strings/fleet.ts'
import { FleetSearchField } from './fleet-search-field.tsx'
import type { FleetFilter, FleetSearch } from './fleet-search.ts'
import { readFleetSearch } from './fleet-search.ts'
import type { FleetCounts } from './fleet-view.ts'

interface FleetFiltersProps {
  readonly search: FleetSearch
  readonly counts: FleetCounts
  readonly hosts: readonly string[]
  readonly shown: number
  readonly all: number
  readonly onChange: (next: FleetSearch) => void
}

/** Search, the strip of counts (each one a filter), and the host. */
export function FleetFilters({ search, counts, hosts, shown, all, onChange }: FleetFiltersProps) {
  const set = (part: Record<string, unknown>) => onChange(readFleetSearch({ ...search, ...part }))
  const chips: [FleetFilter, string, number][] = [
    ['running', fleet.counts.running(counts.running), counts.running],
    ['resizing', fleet.counts.resizing(counts.resizing), counts.resizing],
    ['stuck', fleet.counts.stuck(counts.stuck), counts.stuck],
    ['restart', fleet.counts.restart(counts.restart), counts.restart],
    ['offline', fleet.counts.offline(counts.hostsOffline), counts.hostsOffline],
  ]
  const show = search.show ?? 'all'
  return (
    <div className="cs-filters">
      <div className="cs-filters__search">
        <FleetSearchField value={search.q ?? ''} onChange={(q) => set({ q })} />
      </div>
      {hosts.length > 1 && (
        <select
          className="cs-select"
          aria-label={fleet.host}
          value={search.host ?? ''}
          onChange={(event) => set({ host: event.target.value })}
        >
          <option value="">{fleet.allHosts}</option>
          {hosts.map((host) => (
            <option key={host}>{host}</option>
          ))}
        </select>
      )}
      <ul className="cs-chips">
        {chips.map(([filter, words, count]) => (
          <li key={filter}>
            <button
              type="button"
              className={`cs-chip cs-chip--${filter}${count === 0 ? ' cs-chip--none' : ''}`}
              aria-pressed={show === filter}
              onClick={() => set({ show: show === filter ? 'all' : filter })}
            >
              {words}
            </button>
          </li>
        ))}
      </ul>
      <p className="cs-filters__shown cs-quiet" role="status">
        {fleet.shown(shown, all)}
      </p>
    </div>
  )
}
