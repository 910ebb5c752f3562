import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useState, type RefObject } from 'react'
import { vmPage } from '../../../strings/vm.ts'
import type { SteadyVcpu } from '../steady-vm.ts'
import { pictureRows, windowHeightPx, type PictureRow } from './picture-rows.ts'
import { CoreLine, SocketBox, SocketHead, type VcpuSelection } from './socket-box.tsx'
import { isFixed, socketState } from './topology-view.ts'
import './many-vcpus.css'

const OVERSCAN_ROWS = 1
/** Until the width is measured, which happens before the first picture. */
const WIDTH_ASSUMED_PX = 800

interface ManyVcpusProps {
  readonly frame: RefObject<HTMLDivElement | null>
  readonly sockets: readonly (readonly SteadyVcpu[])[]
  readonly selection: VcpuSelection | undefined
}

/** The picture of a machine with very many vCPUs, in a window of its own: what is in view is drawn, nothing else. */
export function ManyVcpus({ frame, sockets, selection }: ManyVcpusProps) {
  const [width, setWidth] = useState(WIDTH_ASSUMED_PX)
  useEffect(() => {
    if (!frame.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [frame])
  const rows = useMemo(() => pictureRows(sockets, width), [sockets, width])
  const height = windowHeightPx(rows, OVERSCAN_ROWS)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => rows[index]?.heightPx ?? 0,
    overscan: OVERSCAN_ROWS,
    initialRect: { width, height },
  })
  useEffect(() => virtualizer.measure(), [virtualizer, rows])
  return (
    <div className="cs-many" ref={frame} role="group" aria-label={vmPage.views.picture} style={{ height }}>
      <div className="cs-many__all" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index]
          return (
            row && (
              <div
                key={key}
                className="cs-many__row"
                style={{ height: row.heightPx, transform: `translateY(${start}px)` }}
              >
                <Row row={row} sockets={sockets} selection={selection} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

interface RowProps {
  readonly row: PictureRow
  readonly sockets: readonly (readonly SteadyVcpu[])[]
  readonly selection: VcpuSelection | undefined
}

function Row({ row, sockets, selection }: RowProps) {
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
}
