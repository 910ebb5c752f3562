import { memo } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { VcpuSign } from '../../domain/vcpu-sign.tsx'
import { VmStatusSign } from '../../domain/vm-status-sign.tsx'
import { fleet } from '../../strings/fleet.ts'
import { machines } from '../../strings/machines.ts'
import { Elapsed } from '../../ui/elapsed.tsx'
import { LoadBar } from '../../ui/load-bar.tsx'
import { formatCount } from '../../ui/number-words.ts'
import { RowLink } from '../../ui/row-link.tsx'
import { attentionOf, type Attention } from './vm-attention.ts'

interface FleetRowProps {
  readonly vm: VmSummary
  readonly index: number
  readonly offsetPx: number
  /** Whether the tab key comes to this row. */
  readonly isFocusTarget: boolean
  /** Absent where nothing can be selected. */
  readonly isSelected: boolean | undefined
  readonly onSelect: ((uuid: string, reach: boolean) => void) | undefined
}

/** Renders again only when its own VM object changed. */
export const FleetRow = memo(function FleetRow({
  vm,
  index,
  offsetPx,
  isFocusTarget,
  isSelected,
  onSelect,
}: FleetRowProps) {
  const isGuestKnown = vm.guestOs.source !== 'none'
  const guestOs = isGuestKnown ? vm.guestOs.name : machines.unknownGuest
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={vm.stale ? 'cs-fleet-row cs-fleet-row--stale' : 'cs-fleet-row'}
      style={{ top: offsetPx }}
      data-vm={vm.name}
      data-row={vm.uuid}
    >
      {onSelect && (
        <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--select">
          <SelectBox vm={vm} isSelected={isSelected === true} onSelect={onSelect} />
        </div>
      )}
      <div role="rowheader" className="cs-fleet-cell cs-fleet-cell--name">
        <RowLink href={`/vms/${vm.uuid}`} title={vm.title ?? vm.name} tabIndex={isFocusTarget ? 0 : -1}>
          {vm.name}
        </RowLink>
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--status">
        <VmStatusSign status={vm.status} />
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--host">
        {vm.hostName}
      </div>
      <div
        role="gridcell"
        className={`cs-fleet-cell cs-fleet-cell--guestOs${isGuestKnown ? '' : ' cs-quiet'}`}
        title={guestOs}
      >
        {guestOs}
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--sockets cs-figures">
        {formatCount(vm.sockets)}
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--vcpus cs-figures">
        {`${vm.vcpuCount} `}
        <span className="cs-quiet">{`/ ${vm.vcpuMax}`}</span>
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--load">
        <LoadBar percent={vm.loadPercent} label={fleet.columns.load} />
      </div>
      <div role="gridcell" className="cs-fleet-cell cs-fleet-cell--attention">
        {attentionOf(vm).map((attention) => (
          <AttentionMark key={attention.kind} attention={attention} />
        ))}
      </div>
    </div>
  )
})

interface SelectBoxProps {
  readonly vm: VmSummary
  readonly isSelected: boolean
  readonly onSelect: (uuid: string, reach: boolean) => void
}

/** For pointers and screen readers; on the keyboard the space bar does the same. */
function SelectBox({ vm, isSelected, onSelect }: SelectBoxProps) {
  return (
    <label className="cs-fleet-select">
      <input
        type="checkbox"
        className="cs-box"
        tabIndex={-1}
        aria-label={fleet.selectOne(vm.name)}
        checked={isSelected}
        onChange={(event) =>
          onSelect(vm.uuid, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
        }
      />
    </label>
  )
}

function AttentionMark({ attention }: { attention: Attention }) {
  switch (attention.kind) {
    case 'stuck':
      return (
        <span className="cs-mark-word cs-mark-word--danger">
          <VcpuSign state="stuck" size={14} /> {fleet.attention.stuck(attention.count)}
        </span>
      )
    case 'refused':
      return (
        <span className="cs-mark-word cs-mark-word--danger">
          <VcpuSign state="refused" size={14} /> {fleet.attention.refused(attention.count)}
        </span>
      )
    case 'pending':
      return (
        <span className="cs-mark-word cs-mark-word--pending">
          <VcpuSign state="pending-removal" size={14} /> {fleet.attention.pending(attention.count)}
          {attention.since && (
            <>
              {' '}
              <Elapsed since={attention.since} />
            </>
          )}
        </span>
      )
    case 'offline-in-guest':
      return (
        <span className="cs-mark-word">
          <VcpuSign state="guest-offline" size={14} /> {fleet.attention.offlineInGuest(attention.count)}
        </span>
      )
    case 'restart':
      return (
        <span className="cs-mark-word">
          {fleet.attention.restart(formatCount(attention.from), formatCount(attention.to))}
        </span>
      )
    case 'stale':
      return (
        <span className="cs-mark-word cs-quiet" title={machines.staleText}>
          {fleet.attention.stale}
        </span>
      )
  }
}
