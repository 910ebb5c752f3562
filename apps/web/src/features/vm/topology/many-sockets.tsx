import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { Vcpu } from '@coreshift/shared/contract'
import { vmPage } from '../../../strings/vm.ts'
import { SocketBox, type VcpuSelection } from './socket-box.tsx'
import { gridOf } from './socket-grid.ts'
import './many-sockets.css'

const OVERSCAN_ROWS = 1

interface ManySocketsProps {
  readonly sockets: readonly (readonly Vcpu[])[]
  readonly selection: VcpuSelection | undefined
}

/** The picture of a machine with very many vCPUs: rows of sockets in a window of their own, drawn as they come into view. */
export function ManySockets({ sockets, selection }: ManySocketsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  useEffect(() => {
    const frame = scroller.current
    if (!frame) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(frame)
    return () => observer.disconnect()
  }, [])
  const { columns, rowPx } = gridOf(sockets[0] ?? [], width)
  const virtualizer = useVirtualizer({
    count: Math.ceil(sockets.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    initialRect: { width, height: 560 },
  })
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx])
  return (
    <div className="cs-many" ref={scroller} tabIndex={0} role="group" aria-label={vmPage.views.picture}>
      <div className="cs-many__all" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className="cs-topology cs-many__row"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {sockets.slice(row.index * columns, (row.index + 1) * columns).map((vcpus, index) => {
              const socket = row.index * columns + index
              return <SocketBox key={socket} socket={socket} vcpus={vcpus} selection={selection} />
            })}
          </div>
        ))}
      </div>
    </div>
  )
}
