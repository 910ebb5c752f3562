import { memo, type CSSProperties } from 'react'
import type { VcpuState } from '@coreshift/shared'
import type { Vcpu } from '@coreshift/shared/contract'
import { LockSign, PinSign, VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { isChoosable } from './removal-choice.ts'
import { isEmptySlot } from './topology-view.ts'
import { useVcpu } from './vcpu-feed.tsx'
import { vcpuFacts } from './vcpu-facts.ts'
import './vcpu-cell.css'

/** States that nearly all vCPUs are in; their signs are dots, which the style sheet draws without an element more. */
const DRAWN_BY_STYLE: readonly VcpuState[] = ['present', 'absent']

interface VcpuCellProps {
  readonly id: number
  /** False where the whole socket says it. */
  readonly showLock: boolean
  /** Absent while nobody chooses. */
  readonly choice: 'chosen' | 'not-chosen' | undefined
}

/** One vCPU. Reads its own state, and renders when that changes and for nothing else. */
export const VcpuCell = memo(function VcpuCell({ id, showLock, choice }: VcpuCellProps) {
  const vcpu = useVcpu(id)
  if (!vcpu) return null
  const isEmpty = isEmptySlot(vcpu)
  const mayChoose = choice !== undefined && isChoosable(vcpu)
  return (
    <button
      type="button"
      // One stop of the tab key for the whole picture: see use-roving-cells.ts.
      tabIndex={-1}
      className={`cs-vcpu cs-figures cs-vcpu--${vcpu.state}${choice && !mayChoose ? ' cs-vcpu--closed' : ''}`}
      style={isEmpty ? undefined : loadStyle(vcpu)}
      aria-label={words.cell(id, words.states[vcpu.state])}
      {...(choice !== undefined && { 'aria-pressed': choice === 'chosen', 'aria-disabled': !mayChoose })}
      title={vcpuFacts(vcpu).join('\n')}
      data-vcpu={id}
      data-state={vcpu.state}
    >
      {!DRAWN_BY_STYLE.includes(vcpu.state) && <VcpuSign state={vcpu.state} size={18} />}
      {id}
      {showLock && !vcpu.hotpluggable && !isEmpty && <LockSign size={10} />}
      {vcpu.pinning !== undefined && <PinSign size={10} />}
    </button>
  )
})

/** The bar at the foot of the cell. */
function loadStyle({ loadPercent }: Vcpu): CSSProperties & { '--cs-vcpu-load'?: string } {
  return loadPercent === undefined ? {} : { '--cs-vcpu-load': `${Math.min(100, Math.round(loadPercent))}%` }
}
