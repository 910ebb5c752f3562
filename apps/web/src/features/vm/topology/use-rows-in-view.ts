import { useMemo, useState, type UIEvent } from 'react'

/** One row that is to be drawn. */
export interface RowInView {
  readonly index: number
  readonly topPx: number
}

/** Where each row begins, and at the end where the last one ends. */
export function rowStarts(rows: readonly { readonly heightPx: number }[]): readonly number[] {
  const starts = [0]
  let px = 0
  for (const { heightPx } of rows) starts.push((px += heightPx))
  return starts
}

/**
 * The rows between two heights.
 * @param starts as `rowStarts` gives them
 * @param overscan rows drawn beyond each end, so that a quick scroll shows no gap
 */
export function rowsBetween(
  starts: readonly number[],
  fromPx: number,
  toPx: number,
  overscan: number,
): RowInView[] {
  const count = starts.length - 1
  const atEdge = Math.min(
    count - 1,
    starts.findLastIndex((start) => start <= fromPx),
  )
  const first = Math.max(0, atEdge - overscan)
  const reached = starts.findIndex((start) => start >= toPx)
  const end = Math.min(count, (reached < 0 ? count : reached) + overscan)
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => ({
    index: first + offset,
    topPx: starts[first + offset] ?? 0,
  }))
}

/**
 * Which rows of a window that scrolls to draw. Its height and theirs are known beforehand, so that nothing has to be
 * measured, which would lay out the whole page once more before its first frame.
 */
export function useRowsInView(
  rows: readonly { readonly heightPx: number }[],
  heightPx: number,
  overscan: number,
) {
  const starts = useMemo(() => rowStarts(rows), [rows])
  /** Where the row at the upper edge begins: only a scroll past the next one draws anything new. */
  const [topPx, setTopPx] = useState(0)
  const nextPx = starts.find((start) => start > topPx) ?? topPx
  return {
    totalPx: starts.at(-1) ?? 0,
    drawn: rowsBetween(starts, topPx, nextPx + heightPx, overscan),
    onScroll({ currentTarget: { scrollTop } }: UIEvent) {
      setTopPx(starts.findLast((start) => start <= scrollTop) ?? 0)
    },
  }
}
