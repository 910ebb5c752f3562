import { memo } from 'react'
import { LockSign } from '../../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import { Elapsed } from '../../../ui/elapsed.tsx'
import type { SteadyVcpu } from '../steady-vm.ts'
import { isChoosable } from './removal-choice.ts'
import { coresOf, isFixed, movingSince, socketState, type CoreBox } from './topology-view.ts'
import { VcpuCell } from './vcpu-cell.tsx'
import './socket-box.css'

/** The choice of vCPUs while a person makes one. */
export interface VcpuSelection {
  readonly chosen: ReadonlySet<number>
  readonly onToggleSocket: (socket: number) => void
}

interface SocketProps {
  readonly socket: number
  readonly vcpus: readonly SteadyVcpu[]
  readonly selection: VcpuSelection | undefined
}

function sameSocket(before: SocketProps, after: SocketProps): boolean {
  return before.selection === after.selection && sameVcpus(before.vcpus, after.vcpus)
}

function sameVcpus(before: readonly SteadyVcpu[], after: readonly SteadyVcpu[]): boolean {
  return before.length === after.length && before.every((vcpu, index) => vcpu === after[index])
}

/** A socket with its cores. */
export const SocketBox = memo(function SocketBox({ socket, vcpus, selection }: SocketProps) {
  const state = socketState(vcpus)
  return (
    <section
      className={`cs-socket cs-socket--${state}`}
      aria-label={`${vmPage.socket(socket)}, ${vmPage.socketStates[state]}`}
    >
      <SocketHead socket={socket} vcpus={vcpus} selection={selection} />
      <CoreLine cores={coresOf(vcpus)} showLock={!isFixed(vcpus)} selection={selection} />
    </section>
  )
}, sameSocket)

/** What is to say about a socket as a whole; while one chooses, the button that chooses all of it. */
export const SocketHead = memo(function SocketHead({ socket, vcpus, selection }: SocketProps) {
  const since = movingSince(vcpus)
  const cell = vcpus[0]?.cell
  const choosable = selection ? vcpus.filter(isChoosable) : []
  return (
    <p className="cs-socket__head">
      {selection && choosable.length > 0 ? (
        <button
          type="button"
          className="cs-socket__choose"
          aria-pressed={choosable.every(({ id }) => selection.chosen.has(id))}
          onClick={() => selection.onToggleSocket(socket)}
        >
          {vmPage.socket(socket)}
        </button>
      ) : (
        <span>{vmPage.socket(socket)}</span>
      )}
      {cell !== undefined && <span className="cs-quiet">{vmPage.node(cell)}</span>}
      {isFixed(vcpus) && (
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
  )
}, sameSocket)

interface CoreLineProps {
  readonly cores: readonly CoreBox[]
  readonly showLock: boolean
  readonly selection: VcpuSelection | undefined
}

/** Cores side by side, the threads of one close together. */
export function CoreLine({ cores, showLock, selection }: CoreLineProps) {
  return (
    <div className="cs-cores">
      {cores.map((core) => (
        <div key={core.key} className="cs-core">
          {core.vcpus.map(({ id }) => (
            <VcpuCell
              key={id}
              id={id}
              showLock={showLock}
              choice={selection && (selection.chosen.has(id) ? 'chosen' : 'not-chosen')}
            />
          ))}
        </div>
      ))}
    </div>
  )
}
