import { useRef } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { fleet } from '../../strings/fleet.ts'
import { useFixedWindow } from '../../ui/use-fixed-window.ts'
import { useMedia } from '../../ui/use-media.ts'
import { FleetHead } from './fleet-head.tsx'
import { FleetRow } from './fleet-row.tsx'
import type { FleetSearch } from './fleet-search.ts'
import type { FleetSelecting } from './use-fleet-selection.ts'
import { useRowFocus } from './use-row-focus.ts'

/** Heights of a row with columns and of one with two lines; the style sheet uses the same figures (cs-fleet-row). */
const ROW_PX = 36
const NARROW_ROW_PX = 60
const NARROW = '(max-width: 700px)'
const OVERSCAN_ROWS = 3

interface FleetTableProps {
  readonly rows: readonly VmSummary[]
  readonly search: FleetSearch
  /** Absent for those who may only look. */
  readonly selecting: FleetSelecting | undefined
  readonly onChange: (next: FleetSearch) => void
}

/** The table draws only the rows in view, so that thousands of machines cost no more than thirty. */
export function FleetTable({ rows, search, selecting, onChange }: FleetTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const isNarrow = useMedia(NARROW)
  const rowPx = isNarrow ? NARROW_ROW_PX : ROW_PX
  const focus = useRowFocus(rows, selecting)
  const view = useFixedWindow({
    scroller,
    count: rows.length,
    rowPx,
    headPx: isNarrow ? 0 : ROW_PX,
    overscan: OVERSCAN_ROWS,
  })
  return (
    <div className="cs-fleet-table" ref={scroller}>
      <div
        role="grid"
        tabIndex={-1}
        aria-label={fleet.title}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={selecting !== undefined}
        aria-describedby="fleet-keys"
        className="cs-fleet-table__inner"
        onKeyDown={(event) => focus.onKeyDown(event, view)}
      >
        <FleetHead rows={rows} search={search} selecting={selecting} onChange={onChange} />
        <div role="rowgroup" className="cs-fleet-table__body" style={{ height: view.totalPx }}>
          {drawnRows(view.first, view.last, focus.index).map((index) => {
            const vm = rows[index]
            return (
              vm && (
                <FleetRow
                  key={vm.uuid}
                  vm={vm}
                  index={index}
                  offsetPx={index * rowPx}
                  isFocusTarget={index === focus.index}
                  isSelected={selecting?.selection.uuids.has(vm.uuid)}
                  onSelect={selecting?.select}
                />
              )
            )
          })}
        </div>
      </div>
      <p id="fleet-keys" hidden>
        {selecting ? fleet.keys : fleet.keysOfViewer}
      </p>
    </div>
  )
}

/** The row with the focus stays drawn when it is scrolled away: an element that is gone loses the focus. */
function drawnRows(first: number, last: number, focused: number): number[] {
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
  if (focused < first) rows.unshift(focused)
  else if (focused >= last) rows.push(focused)
  return rows
}
