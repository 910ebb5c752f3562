import { useMemo, useState } from 'react'
import type { Vcpu, Vm } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { LockSign, PinSign, VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { useMayOperate } from '../../../domain/use-role.ts'
import { resize } from '../../../strings/resize.ts'
import { vcpus as words } from '../../../strings/vcpus.ts'
import { vmPage } from '../../../strings/vm.ts'
import { ManySockets } from './many-sockets.tsx'
import { RemovalPanel } from './removal-panel.tsx'
import { isChoosable, stillChosen, toggleUnit } from './removal-choice.ts'
import { SocketBox } from './socket-box.tsx'
import { countStates, socketsOfVm } from './topology-view.ts'
import './topology-picture.css'

/** Up to here everything is drawn at once; above, only what is in view. */
const VCPUS_AT_ONCE_MAX = 512

/** Sockets as boxes, in them the cores, in them each vCPU with its sign. */
export function TopologyPicture({ vm }: { vm: Vm }) {
  const { vcpus } = vm
  const mayChoose = useMayOperate() && vm.status === 'up' && !vm.stale && vm.operation === undefined
  const [chosen, setChosen] = useState<ReadonlySet<number>>()
  const ids = chosen ? stillChosen(vm, chosen) : []
  const selection = useMemo(
    () =>
      chosen && mayChoose
        ? { chosen, onToggle: (id: number) => setChosen(toggleUnit(vm, chosen, id)) }
        : undefined,
    [chosen, mayChoose, vm],
  )
  const sockets = socketsOfVm({ vcpus: [...vcpus] })
  return (
    <>
      {vcpus.length > VCPUS_AT_ONCE_MAX ? (
        <ManySockets sockets={sockets} selection={selection} />
      ) : (
        <div className="cs-topology">
          {sockets.map((list, socket) => (
            <SocketBox key={socket} socket={socket} vcpus={list} selection={selection} />
          ))}
        </div>
      )}
      <Legend vcpus={vcpus} />
      {selection && <RemovalPanel vm={vm} ids={ids} onEnd={() => setChosen(undefined)} />}
      {mayChoose && !selection && vcpus.some(isChoosable) && (
        <p className="cs-removal">
          <Button variant="link" isInline onClick={() => setChosen(new Set())}>
            {resize.chooseToRemove}
          </Button>
        </p>
      )}
    </>
  )
}

/** The signs that occur, with their words and how many there are. */
function Legend({ vcpus }: { vcpus: readonly Vcpu[] }) {
  return (
    <ul className="cs-legend" aria-label={vmPage.legend}>
      {countStates(vcpus).map(([state, count]) => (
        <li key={state} title={words.explained[state]}>
          <VcpuSign state={state} /> <span className="cs-figures">{count}</span> {words.states[state]}
        </li>
      ))}
      {vcpus.some((vcpu) => !vcpu.hotpluggable && vcpu.state !== 'absent') && (
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
