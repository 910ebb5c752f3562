import { memo } from 'react'
import type { Vcpu } from '@coreshift/shared/contract'
import { LockSign, PinSign, VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import { Elapsed } from '../../../ui/elapsed.tsx'
import { isChoosable } from './removal-choice.ts'
import { coresOf, isFixed, movingSince, socketState } from './topology-view.ts'
import './socket-box.css'

/** Which vCPUs are chosen, while a person chooses. */
export interface VcpuSelection {
  readonly chosen: ReadonlySet<number>
  readonly onToggle: (id: number) => void
}

interface SocketBoxProps {
  readonly socket: number
  readonly vcpus: readonly Vcpu[]
  readonly selection: VcpuSelection | undefined
}

function sameVcpus(before: SocketBoxProps, after: SocketBoxProps): boolean {
  return (
    before.selection === after.selection &&
    before.vcpus.length === after.vcpus.length &&
    before.vcpus.every((vcpu, index) => vcpu === after.vcpus[index])
  )
}

/** Renders only when one of its vCPUs is another object than before; then only that cell renders in turn. */
export const SocketBox = memo(function SocketBox({ socket, vcpus, selection }: SocketBoxProps) {
  const state = socketState(vcpus)
  const fixed = isFixed(vcpus)
  const since = movingSince(vcpus)
  const cell = vcpus[0]?.cell
  return (
    <section
      className={`cs-socket cs-socket--${state}`}
      aria-label={`${vmPage.socket(socket)}, ${vmPage.socketStates[state]}`}
    >
      <p className="cs-socket__head">
        <span>{vmPage.socket(socket)}</span>
        {cell !== undefined && <span className="cs-quiet">{vmPage.node(cell)}</span>}
        {fixed && (
          <span className="cs-socket__fixed" title={words.fixed}>
            <LockSign />
            <span className="pf-v6-screen-reader">{words.fixed}</span>
          </span>
        )}
        {since && (
          <span className="cs-socket__clock">
            <Elapsed since={since} />
          </span>
        )}
      </p>
      <div className="cs-socket__cores">
        {coresOf(vcpus).map((core) => (
          <div key={core.key} className="cs-core">
            {core.vcpus.map((vcpu) => (
              <VcpuCell
                key={vcpu.id}
                vcpu={vcpu}
                showLock={!fixed}
                isChosen={selection?.chosen.has(vcpu.id) ?? false}
                onToggle={selection && isChoosable(vcpu) ? selection.onToggle : undefined}
              />
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}, sameVcpus)

interface VcpuCellProps {
  readonly vcpu: Vcpu
  readonly showLock: boolean
  readonly isChosen: boolean
  /** Set while a person chooses and this vCPU may be chosen. */
  readonly onToggle: ((id: number) => void) | undefined
}

const VcpuCell = memo(function VcpuCell({ vcpu, showLock, isChosen, onToggle }: VcpuCellProps) {
  const isEmpty = vcpu.state === 'absent' || vcpu.state === 'removed'
  const common = {
    'aria-label': words.cell(vcpu.id, words.states[vcpu.state]),
    title: cellTitle(vcpu),
    'data-vcpu': vcpu.id,
    'data-state': vcpu.state,
  }
  const content = (
    <>
      <VcpuSign state={vcpu.state} size={18} />
      <span className="cs-vcpu__id cs-figures">{vcpu.id}</span>
      {showLock && !vcpu.hotpluggable && !isEmpty && <LockSign size={10} />}
      {vcpu.pinning !== undefined && <PinSign size={10} />}
      {!isEmpty && vcpu.loadPercent !== undefined && (
        <svg className="cs-vcpu__load" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
          <rect width="100" height="3" className="cs-load__track" />
          <rect width={Math.min(100, vcpu.loadPercent)} height="3" className="cs-load__fill" />
        </svg>
      )}
    </>
  )
  if (onToggle) {
    return (
      <button
        type="button"
        {...common}
        className={`cs-vcpu cs-vcpu--${vcpu.state} cs-vcpu--choice`}
        aria-pressed={isChosen}
        onClick={() => onToggle(vcpu.id)}
      >
        {content}
      </button>
    )
  }
  return (
    <span role="img" {...common} className={`cs-vcpu cs-vcpu--${vcpu.state}`}>
      {content}
    </span>
  )
})

function cellTitle(vcpu: Vcpu): string {
  const detail = vmPage.cellDetail
  return [
    `${words.cell(vcpu.id, words.states[vcpu.state])}. ${words.explained[vcpu.state]}`,
    detail.place(vcpu.socket, vcpu.core, vcpu.thread),
    vcpu.hotpluggable || vcpu.state === 'absent' ? '' : words.fixed,
    vcpu.pinning === undefined ? '' : words.pinned(vcpu.pinning),
    vcpu.hostCpu === undefined ? '' : detail.hostCpu(vcpu.hostCpu),
    vcpu.loadPercent === undefined ? '' : detail.load(vcpu.loadPercent),
    vcpu.error ?? '',
  ]
    .filter(Boolean)
    .join('\n')
}
