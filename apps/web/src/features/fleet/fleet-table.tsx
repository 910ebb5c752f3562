import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { fleet } from '../../strings/fleet.ts'
import { useMedia } from '../../ui/use-media.ts'
import { FleetRow } from './fleet-row.tsx'
import { readFleetSearch, type FleetSearch, type FleetSort } from './fleet-search.ts'

/** Heights of a row with columns and of one with two lines; the style sheet uses the same figures (cs-fleet-row). */
const ROW_PX = 40
const NARROW_ROW_PX = 60
const NARROW = '(max-width: 700px)'
const OVERSCAN_ROWS = 8

const COLUMNS: readonly FleetSort[] = [
  'name',
  'status',
  'host',
  'guestOs',
  'sockets',
  'vcpus',
  'load',
  'attention',
]

interface FleetTableProps {
  readonly rows: readonly VmSummary[]
  readonly search: FleetSearch
  readonly onChange: (next: FleetSearch) => void
}

/** The table draws only the rows in view, so that thousands of machines cost no more than thirty. */
export function FleetTable({ rows, search, onChange }: FleetTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = useMedia(NARROW) ? NARROW_ROW_PX : ROW_PX
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    getItemKey: (index) => rows[index]?.uuid ?? index,
    initialRect: { width: 1200, height: 800 },
  })
  // The virtualizer remembers the sizes it was told.
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx])
  return (
    <div className="cs-fleet-table" ref={scroller} tabIndex={-1}>
      <div
        role="table"
        aria-label={fleet.title}
        aria-rowcount={rows.length + 1}
        className="cs-fleet-table__inner"
      >
        <div role="row" aria-rowindex={1} className="cs-fleet-row cs-fleet-row--head">
          {COLUMNS.map((column) => (
            <HeadCell key={column} column={column} search={search} onChange={onChange} />
          ))}
        </div>
        <div role="rowgroup" className="cs-fleet-table__body" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const vm = rows[item.index]
            return vm && <FleetRow key={item.key} vm={vm} index={item.index} offsetPx={item.start} />
          })}
        </div>
      </div>
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
