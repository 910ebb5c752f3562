import type { VmSummary } from '@coreshift/shared/contract'
import { fleet } from '../../strings/fleet.ts'
import { FLEET_SORTS, readFleetSearch, type FleetSearch, type FleetSort } from './fleet-search.ts'
import { coverage } from './fleet-selection.ts'
import type { FleetSelecting } from './use-fleet-selection.ts'

interface FleetHeadProps {
  readonly rows: readonly VmSummary[]
  readonly search: FleetSearch
  readonly selecting: FleetSelecting | undefined
  readonly onChange: (next: FleetSearch) => void
}

/** The head of the list: every column sorts. */
export function FleetHead({ rows, search, selecting, onChange }: FleetHeadProps) {
  const covered = selecting ? coverage(selecting.selection, rows) : 'none'
  return (
    <div role="row" aria-rowindex={1} className="cs-fleet-row cs-fleet-row--head">
      {selecting && (
        <div role="columnheader" aria-label={fleet.select} className="cs-fleet-cell cs-fleet-cell--select">
          <label className="cs-fleet-select">
            <input
              type="checkbox"
              className="cs-box"
              aria-label={fleet.selectAll(rows.length)}
              checked={covered === 'all'}
              ref={(box) => {
                if (box) box.indeterminate = covered === 'some'
              }}
              onChange={selecting.toggleAll}
            />
          </label>
        </div>
      )}
      {FLEET_SORTS.map((column) => (
        <HeadCell key={column} column={column} search={search} onChange={onChange} />
      ))}
    </div>
  )
}

interface HeadCellProps {
  readonly column: FleetSort
  readonly search: FleetSearch
  readonly onChange: (next: FleetSearch) => void
}

function HeadCell({ column, search, onChange }: HeadCellProps) {
  const here = (search.sort ?? 'name') === column
  const down = here && search.down === true
  const sort = () => onChange(readFleetSearch({ ...search, sort: column, down: here && !down }))
  return (
    <div
      role="columnheader"
      aria-sort={here ? (down ? 'descending' : 'ascending') : 'none'}
      className={`cs-fleet-cell cs-fleet-cell--${column}`}
    >
      <button type="button" className="cs-sort" onClick={sort}>
        {fleet.columns[column]}
        <span aria-hidden="true" className="cs-sort__sign">
          {here ? (down ? '↓' : '↑') : ''}
        </span>
      </button>
    </div>
  )
}
