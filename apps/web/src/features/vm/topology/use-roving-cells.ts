import { useEffect, useRef, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

const CELL = 'button[data-vcpu]'
/** Cells in one line differ by less than this in height, px. */
const SAME_LINE_PX = 8

const DIRECTIONS = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowDown: 'below',
  ArrowUp: 'above',
  Home: 'first',
  End: 'last',
} as const
type Direction = (typeof DIRECTIONS)[keyof typeof DIRECTIONS]

/**
 * The arrow keys in the picture: it is one stop of the tab key however many vCPUs it has, and within it one moves as one
 * sees it. Which cell is the stop is written into the elements themselves, so that moving renders nothing.
 *
 * @param frame the element around the cells; where it scrolls, cells that are not drawn yet are scrolled to
 */
export function useRovingCells(frame: RefObject<HTMLElement | null>) {
  const stop = useRef<HTMLElement>(null)

  const setStop = (cell: HTMLElement) => {
    if (stop.current !== cell) stop.current?.setAttribute('tabindex', '-1')
    cell.setAttribute('tabindex', '0')
    stop.current = cell
  }

  // After every rendering: the cell that was the stop may have been scrolled away.
  useEffect(() => {
    if (stop.current && frame.current?.contains(stop.current)) return
    const first = frame.current?.querySelector<HTMLElement>(CELL)
    if (first) setStop(first)
  })

  const move = (from: HTMLElement, direction: Direction): boolean => {
    const cells = [...(frame.current?.querySelectorAll<HTMLElement>(CELL) ?? [])]
    const target = cellTowards(cells, from, direction)
    if (!target) return false
    setStop(target)
    target.focus()
    return true
  }

  return {
    onFocus(event: FocusEvent) {
      if (event.target instanceof HTMLElement && event.target.matches(CELL)) setStop(event.target)
    },
    onKeyDown(event: KeyboardEvent) {
      const from = event.target
      if (!(event.key in DIRECTIONS) || !(from instanceof HTMLElement) || !from.matches(CELL)) return
      const direction = DIRECTIONS[event.key as keyof typeof DIRECTIONS]
      event.preventDefault()
      if (move(from, direction) || !frame.current) return
      // Beyond what is drawn: scroll, let it be drawn, and go on from there.
      const line = from.offsetHeight * 1.5
      frame.current.scrollBy({ top: direction === 'previous' || direction === 'above' ? -line : line })
      requestAnimationFrame(() => requestAnimationFrame(() => move(from, direction)))
    },
  }
}

/** The cell in a direction, as the eye sees it; absent at the edge. */
function cellTowards(
  cells: readonly HTMLElement[],
  from: HTMLElement,
  direction: Direction,
): HTMLElement | undefined {
  const at = cells.indexOf(from)
  switch (direction) {
    case 'next':
      return cells[at + 1]
    case 'previous':
      return cells[at - 1]
    case 'first':
      return cells[0]
    case 'last':
      return cells.at(-1)
    case 'below':
    case 'above':
      return nearestInNextLine(cells, from, direction === 'below' ? 1 : -1)
  }
}

function nearestInNextLine(
  cells: readonly HTMLElement[],
  from: HTMLElement,
  sign: 1 | -1,
): HTMLElement | undefined {
  const here = from.getBoundingClientRect()
  let best: { cell: HTMLElement; down: number; aside: number } | undefined
  for (const cell of cells) {
    const there = cell.getBoundingClientRect()
    const down = (there.top - here.top) * sign
    if (down < SAME_LINE_PX) continue
    const aside = Math.abs(there.left - here.left)
    if (!best || down < best.down - SAME_LINE_PX || (down < best.down + SAME_LINE_PX && aside < best.aside)) {
      best = { cell, down, aside }
    }
  }
  return best?.cell
}
