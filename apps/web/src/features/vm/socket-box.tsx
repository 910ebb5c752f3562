import { memo } from 'react'
import type { Vcpu } from '@coreshift/shared/contract'
import { LockSign, PinSign, VcpuSign } from '../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../strings/vcpus.ts'
import { vmPage } from '../../strings/vm.ts'
import { Elapsed } from '../../ui/elapsed.tsx'
import { coresOf, isFixed, movingSince, socketState } from './topology-view.ts'

function sameVcpus(before: { vcpus: readonly Vcpu[] }, after: { vcpus: readonly Vcpu[] }): boolean {
  return (
    before.vcpus.length === after.vcpus.length &&
    before.vcpus.every((vcpu, index) => vcpu === after.vcpus[index])
  )
}

/** Renders only when one of its vCPUs is another object than before; then only that cell renders in turn. */
export const SocketBox = memo(function SocketBox({
  socket,
  vcpus,
}: {
  socket: number
  vcpus: readonly Vcpu[]
}) {
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
              <VcpuCell key={vcpu.id} vcpu={vcpu} showLock={!fixed} />
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}, sameVcpus)

const VcpuCell = memo(function VcpuCell({ vcpu, showLock }: { vcpu: Vcpu; showLock: boolean }) {
  const isEmpty = vcpu.state === 'absent' || vcpu.state === 'removed'
  return (
    <span
      role="img"
      aria-label={words.cell(vcpu.id, words.states[vcpu.state])}
      title={cellTitle(vcpu)}
      className={`cs-vcpu cs-vcpu--${vcpu.state}`}
      data-vcpu={vcpu.id}
      data-state={vcpu.state}
    >
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
