import { useEffect, useMemo, useRef, useState } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { NOTHING_SELECTED, allToggled, extendedTo, toggled, type FleetSelection } from './fleet-selection.ts'

export interface FleetSelecting {
  readonly selection: FleetSelection
  /** Takes or lets go one machine; with `reach` all from the one before to it. */
  readonly select: (uuid: string, reach: boolean) => void
  /** Takes two neighbours along, for a focus that moves with Shift held. */
  readonly extend: (from: string, to: string) => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** @param rows the list as shown, which says what lies between two machines */
export function useFleetSelection(rows: readonly VmSummary[]): FleetSelecting {
  const [selection, setSelection] = useState(NOTHING_SELECTED)
  const shown = useRef(rows)
  useEffect(() => {
    shown.current = rows
  }, [rows])
  // The same functions for good: a row is drawn again only when something of its own changed.
  const commands = useMemo(
    () => ({
      select: (uuid: string, reach: boolean) =>
        setSelection((before) => (reach ? extendedTo(before, shown.current, uuid) : toggled(before, uuid))),
      extend: (from: string, to: string) =>
        setSelection((before) => ({
          uuids: new Set([...before.uuids, from, to]),
          anchor: before.anchor ?? from,
        })),
      toggleAll: () => setSelection((before) => allToggled(before, shown.current)),
      clear: () => setSelection(NOTHING_SELECTED),
    }),
    [],
  )
  return { selection, ...commands }
}
