import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import type { FixedWindow } from '../../ui/use-fixed-window.ts'
import { gridCommand } from './grid-keys.ts'
import type { FleetSelecting } from './use-fleet-selection.ts'

/**
 * One row of the list takes the focus; arrow keys move it, the tab key leaves the list. The row is remembered by its
 * machine, so that it keeps the focus when the order changes under it.
 */
export function useRowFocus(rows: readonly VmSummary[], selecting: FleetSelecting | undefined) {
  const [uuid, setUuid] = useState<string>()
  const found = useMemo(
    () => (uuid === undefined ? 0 : rows.findIndex((row) => row.uuid === uuid)),
    [rows, uuid],
  )
  const moved = useRef(false)

  // The row that is to be focused may be drawn only now.
  useEffect(() => {
    if (!moved.current || uuid === undefined) return
    moved.current = false
    document.querySelector<HTMLElement>(`[data-row="${uuid}"] a`)?.focus({ preventScroll: true })
  }, [uuid])

  function onKeyDown(event: KeyboardEvent, { pageRows, reveal }: FixedWindow): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
    const here = rows.findIndex((candidate) => candidate.uuid === row?.dataset['row'])
    const vm = rows[here]
    if (!vm) return
    const command = gridCommand(event, here, rows.length, pageRows)
    if (!command || (command.kind !== 'go' && !selecting)) return
    event.preventDefault()
    switch (command.kind) {
      case 'toggle':
        return selecting?.select(vm.uuid, false)
      case 'toggle-all':
        return selecting?.toggleAll()
      case 'clear':
        return selecting?.clear()
      case 'go': {
        const target = rows[command.to]
        if (!target || command.to === here) return
        if (command.extend) selecting?.extend(vm.uuid, target.uuid)
        moved.current = true
        reveal(command.to)
        setUuid(target.uuid)
      }
    }
  }

  return { index: Math.max(0, found), onKeyDown }
}
