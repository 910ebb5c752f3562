import { memo, useRef } from 'react'
import { VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { LoadBar } from '../../../ui/load-bar.tsx'
import { useFixedWindow } from '../../../ui/use-fixed-window.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { isEmptySlot, topologyText } from './topology-view.ts'
import { useVcpu, useVcpuFeed } from './vcpu-feed.tsx'
import './topology-table.css'

/** Height of a row as the style sheet draws it. */
const ROW_PX = 34
const OVERSCAN_ROWS = 12
const COLUMNS_MAX = 12

/** Columns that only some machines need. */
interface Columns {
  readonly hasDies: boolean
  readonly hasClusters: boolean
  readonly hasNodes: boolean
}

/** The same as the picture in the columns of `lscpu -e -a`, to read aloud, to compare, to copy. */
export function TopologyTable({ vm: { vcpus, topology } }: { vm: SteadyVm }) {
  const feed = useVcpuFeed()
  const scroller = useRef<HTMLDivElement>(null)
  const { first, last, totalPx } = useFixedWindow({
    scroller,
    count: vcpus.length,
    rowPx: ROW_PX,
    headPx: ROW_PX,
    overscan: OVERSCAN_ROWS,
  })
  const abovePx = first * ROW_PX
  const belowPx = totalPx - last * ROW_PX
  const t = vmPage.table
  const hasDies = topology.dies > 1
  const hasClusters = topology.clusters > 1
  const hasNodes = vcpus.some((vcpu) => vcpu.cell !== undefined)
  return (
    <>
      <p className="cs-copy">
        <CopyButton label={vmPage.copyTable} text={() => topologyText(feed.all(), words.states)} />
      </p>
      <div
        className="cs-scroll cs-topology-table"
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={t.caption}
      >
        <table className="cs-table" aria-rowcount={vcpus.length + 1}>
          <caption className="pf-v6-screen-reader">{t.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{t.id}</th>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.socket}</th>
              {hasDies && <th scope="col">{t.die}</th>}
              {hasClusters && <th scope="col">{t.cluster}</th>}
              <th scope="col">{t.core}</th>
              <th scope="col">{t.thread}</th>
              {hasNodes && <th scope="col">{t.node}</th>}
              <th scope="col">{t.hostCpu}</th>
              <th scope="col">{t.pinning}</th>
              <th scope="col">{t.load}</th>
              <th scope="col">{t.removable}</th>
            </tr>
          </thead>
          <tbody>
            {abovePx > 0 && <Spacer heightPx={abovePx} />}
            {vcpus.slice(first, last).map(({ id }) => (
              <Row key={id} id={id} hasDies={hasDies} hasClusters={hasClusters} hasNodes={hasNodes} />
            ))}
            {belowPx > 0 && <Spacer heightPx={belowPx} />}
          </tbody>
        </table>
      </div>
    </>
  )
}

const Row = memo(function Row({ id, hasDies, hasClusters, hasNodes }: Columns & { readonly id: number }) {
  const vcpu = useVcpu(id)
  const t = vmPage.table
  if (!vcpu) return null
  return (
    <tr aria-rowindex={id + 2} className={isEmptySlot(vcpu) ? 'cs-table__faint' : undefined}>
      <th scope="row" className="cs-figures">
        {id}
      </th>
      <td>
        <span className="cs-mark-word">
          <VcpuSign state={vcpu.state} size={14} /> {words.states[vcpu.state]}
        </span>
      </td>
      <td className="cs-figures">{vcpu.socket}</td>
      {hasDies && <td className="cs-figures">{vcpu.die}</td>}
      {hasClusters && <td className="cs-figures">{vcpu.cluster}</td>}
      <td className="cs-figures">{vcpu.core}</td>
      <td className="cs-figures">{vcpu.thread}</td>
      {hasNodes && <td className="cs-figures">{vcpu.cell ?? t.none}</td>}
      <td className="cs-figures">{vcpu.hostCpu ?? t.none}</td>
      <td className="cs-figures">{vcpu.pinning ?? t.none}</td>
      <td>
        <LoadBar percent={vcpu.loadPercent} label={t.load} />
      </td>
      <td>{vcpu.hotpluggable ? t.yes : t.no}</td>
    </tr>
  )
})

/** Stands for the rows that are not drawn, so that the scroll bar tells the truth. */
function Spacer({ heightPx }: { heightPx: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={COLUMNS_MAX} style={{ height: heightPx, padding: 0, border: 0 }}>
        {'\u00a0'}
      </td>
    </tr>
  )
}
