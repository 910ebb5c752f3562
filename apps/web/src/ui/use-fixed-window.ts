import { useDeferredValue, useLayoutEffect, useState, type RefObject } from 'react'

interface FixedWindowOptions {
  readonly scroller: RefObject<HTMLElement | null>
  readonly count: number
  /** All rows are equally high. */
  readonly rowPx: number
  /** Height that something sticky takes at the top of the scroller. */
  readonly headPx: number
  /** Rows drawn beyond each end, so that a quick scroll shows no gap. */
  readonly overscan: number
}

export interface FixedWindow {
  /** Rows to draw, `last` not included. */
  readonly first: number
  readonly last: number
  readonly totalPx: number
  /** Whole rows that fit. */
  readonly pageRows: number
  /** Scrolls as little as needed to show a row. */
  readonly reveal: (index: number) => void
}

/** Where nothing is laid out, and so nothing can be measured. */
const ASSUMED_PX = 800

/**
 * Which rows of a long list to draw. With rows of one height this is arithmetic: it costs the same for ten rows and
 * for a hundred thousand. The first frame draws what is in view and no more: nothing until the height is measured, and
 * the rows beyond the ends once those in view are there.
 */
export function useFixedWindow({
  scroller,
  count,
  rowPx,
  headPx,
  overscan,
}: FixedWindowOptions): FixedWindow {
  const [height, setHeight] = useState(0)
  const [top, setTop] = useState(0)
  const beyond = useDeferredValue(height === 0 ? 0 : overscan, 0)

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => setHeight(element.clientHeight || ASSUMED_PX)
    // Only a scroll past the next row draws anything new.
    const onScroll = () => setTop(Math.floor(element.scrollTop / rowPx) * rowPx)
    const sizes = new ResizeObserver(measure)
    measure()
    onScroll()
    sizes.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller, rowPx])

  function reveal(index: number): void {
    const element = scroller.current
    if (!element) return
    const start = index * rowPx
    const lowest = start + rowPx + headPx - element.clientHeight
    if (element.scrollTop > start) element.scrollTo({ top: start })
    else if (element.scrollTop < lowest) element.scrollTo({ top: lowest })
  }

  const pageRows = Math.max(1, Math.floor((height - headPx) / rowPx))
  const begin = Math.floor(top / rowPx)
  return {
    first: Math.max(0, Math.min(begin, count - pageRows) - beyond),
    last: height === 0 ? 0 : Math.min(count, begin + pageRows + 1 + beyond),
    totalPx: count * rowPx,
    pageRows,
    reveal,
  }
}
