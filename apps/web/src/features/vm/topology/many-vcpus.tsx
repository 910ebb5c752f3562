import { memo, useLayoutEffect, useMemo, useState, type RefObject } from 'react'
import { vmPage } from '../../../strings/vm.ts'
import type { SteadyVcpu } from '../steady-vm.ts'
import { pictureRows, windowHeightPx, type PictureRow } from './picture-rows.ts'
import { CoreLine, SocketBox, SocketHead, type VcpuSelection } from './socket-box.tsx'
import { isFixed, socketState } from './topology-view.ts'
import { useRowsInView } from './use-rows-in-view.ts'
import './many-vcpus.css'

const OVERSCAN_ROWS = 1
/** Where nothing is laid out, and so nothing can be measured. */
const WIDTH_ASSUMED_PX = 800

interface ManyVcpusProps {
  readonly frame: RefObject<HTMLDivElement | null>
  readonly sockets: readonly (readonly SteadyVcpu[])[]
  readonly selection: VcpuSelection | undefined
}

/** The picture of a machine with very many vCPUs, in a window of its own: what is in view is drawn, nothing else. */
export function ManyVcpus({ frame, sockets, selection }: ManyVcpusProps) {
  const width = useWidth(frame)
  const rows = useMemo(() => (width === undefined ? [] : pictureRows(sockets, width)), [sockets, width])
  const height = windowHeightPx(rows, OVERSCAN_ROWS)
  const { drawn, totalPx, onScroll } = useRowsInView(rows, height, OVERSCAN_ROWS)
  return (
    <div
      className="cs-many"
      ref={frame}
      role="group"
      aria-label={vmPage.views.picture}
      style={{ height }}
      onScroll={onScroll}
    >
      <div className="cs-many__all" style={{ height: totalPx }}>
        {drawn.map(({ index, topPx }) => {
          const row = rows[index]
          return (
            row && (
              <div key={index} className="cs-many__row" style={{ height: row.heightPx, top: topPx }}>
                <Row row={row} sockets={sockets} selection={selection} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

/**
 * The width of the frame. It is measured before anything is drawn into it: hundreds of cells drawn for a width that was
 * guessed would all be drawn again.
 */
function useWidth(frame: RefObject<HTMLDivElement | null>): number | undefined {
  const [width, setWidth] = useState<number>()
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth || WIDTH_ASSUMED_PX)
    const sizes = new ResizeObserver(measure)
    measure()
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [frame])
  return width
}

interface RowProps {
  readonly row: PictureRow
  readonly sockets: readonly (readonly SteadyVcpu[])[]
  readonly selection: VcpuSelection | undefined
}

/** Scrolling renders only the rows that come into view. */
const Row = memo(function Row({ row, sockets, selection }: RowProps) {
  if (row.kind === 'sockets') {
    return (
      <div className="cs-many__sockets">
        {row.sockets.map((socket) => (
          <SocketBox key={socket} socket={socket} vcpus={sockets[socket] ?? []} selection={selection} />
        ))}
      </div>
    )
  }
  const vcpus = sockets[row.socket] ?? []
  const state = `cs-socket--${socketState(vcpus)}`
  return row.kind === 'head' ? (
    <div className={`cs-slice cs-slice--head ${state}`}>
      <SocketHead socket={row.socket} vcpus={vcpus} selection={selection} />
    </div>
  ) : (
    <div className={`cs-slice ${row.isLast ? 'cs-slice--last' : ''} ${state}`}>
      <CoreLine cores={row.cores} showLock={!isFixed(vcpus)} selection={selection} />
    </div>
  )
})
