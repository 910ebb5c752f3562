import { useCallback, useMemo, useReducer, useRef, useState, type MouseEvent } from 'react'
import { formatVcpuRanges } from '@coreshift/shared'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useMayOperate } from '../../../domain/use-role.ts'
import { LockSign, PinSign, VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { resize } from '../../../strings/resize.ts'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import type { SteadyVcpu, SteadyVm } from '../steady-vm.ts'
import { ManyVcpus } from './many-vcpus.tsx'
import {
  changeChoice,
  isChoosable,
  stillChosen,
  type ChoiceAction,
  type RemovalChoice,
} from './removal-choice.ts'
import { RemovalPanel } from './removal-panel.tsx'
import { SocketBox, type VcpuSelection } from './socket-box.tsx'
import { countStates, isEmptySlot, socketsOfVm, socketsShown } from './topology-view.ts'
import { useRovingCells } from './use-roving-cells.ts'
import { VcpuInspector } from './vcpu-inspector.tsx'
import './topology-picture.css'

/** Up to here everything is drawn at once; above, only what is in view. */
const VCPUS_AT_ONCE_MAX = 256

/** Sockets as boxes, in them the cores, in them each vCPU with its sign. */
export function TopologyPicture({ vm }: { vm: SteadyVm }) {
  const frame = useRef<HTMLDivElement>(null)
  const roving = useRovingCells(frame)
  const mayChoose = useMayOperate() && vm.status === 'up' && !vm.stale && vm.operation === undefined
  const [choice, act] = useReducer(
    (before: RemovalChoice | undefined, action: ChoiceAction) => changeChoice(vm, before, action),
    undefined,
  )
  const chosen = mayChoose ? choice?.chosen : undefined
  const onToggleSocket = useCallback((socket: number) => act({ kind: 'socket', socket }), [])
  const selection = useMemo<VcpuSelection | undefined>(
    () => chosen && { chosen, onToggleSocket },
    [chosen, onToggleSocket],
  )
  const all = useMemo(() => socketsOfVm(vm), [vm])
  const [isUnfolded, setUnfolded] = useState(false)
  const folded = useMemo(() => all.slice(socketsShown(all)), [all])
  const sockets = useMemo(
    () => (isUnfolded ? all : all.slice(0, all.length - folded.length)),
    [all, folded, isUnfolded],
  )
  const vcpusShown = sockets.reduce((sum, vcpus) => sum + vcpus.length, 0)
  const press = (event: MouseEvent) => {
    const cell = event.target instanceof Element && event.target.closest<HTMLElement>('[data-vcpu]')
    if (cell && chosen) act({ kind: 'press', id: Number(cell.dataset['vcpu']), extend: event.shiftKey })
  }
  return (
    <>
      {/* Presses are those of the buttons inside; one listener serves thousands of them. */}
      <div {...roving} onClick={press} role="presentation">
        <VcpuInspector>
          {vcpusShown > VCPUS_AT_ONCE_MAX ? (
            <ManyVcpus frame={frame} sockets={sockets} selection={selection} />
          ) : (
            <div className="cs-topology" ref={frame} role="group" aria-label={vmPage.views.picture}>
              {sockets.map((list, socket) => (
                <SocketBox key={socket} socket={socket} vcpus={list} selection={selection} />
              ))}
            </div>
          )}
        </VcpuInspector>
      </div>
      {folded.length > 0 && (
        <p className="cs-topology__fold">
          <Button
            variant="link"
            isInline
            aria-expanded={isUnfolded}
            onClick={() => setUnfolded((before) => !before)}
          >
            {isUnfolded
              ? vmPage.hideEmpty
              : vmPage.showEmpty(folded.length, formatVcpuRanges(folded.flat().map(({ id }) => id)))}
          </Button>
        </p>
      )}
      <Legend vcpus={vm.vcpus} />
      {chosen && (
        <RemovalPanel
          vm={vm}
          ids={stillChosen(vm, chosen)}
          onChoose={(ids) => act({ kind: 'exactly', ids })}
          onEnd={() => act({ kind: 'end' })}
        />
      )}
      {mayChoose && !chosen && vm.vcpus.some(isChoosable) && (
        <p className="cs-topology__choose">
          <Button variant="link" isInline onClick={() => act({ kind: 'begin' })}>
            {resize.chooseToRemove}
          </Button>
        </p>
      )}
    </>
  )
}

/** The signs that occur, with their words and how many there are. */
function Legend({ vcpus }: { vcpus: readonly SteadyVcpu[] }) {
  return (
    <ul className="cs-legend" aria-label={vmPage.legend}>
      {countStates(vcpus).map(([state, count]) => (
        <li key={state} title={words.explained[state]}>
          <VcpuSign state={state} /> <span className="cs-figures">{count}</span> {words.states[state]}
        </li>
      ))}
      {vcpus.some((vcpu) => !vcpu.hotpluggable && !isEmptySlot(vcpu)) && (
        <li title={words.fixed}>
          <LockSign /> {words.fixedShort}
        </li>
      )}
      {vcpus.some((vcpu) => vcpu.pinning !== undefined) && (
        <li>
          <PinSign /> {words.pinnedShort}
        </li>
      )}
    </ul>
  )
}
