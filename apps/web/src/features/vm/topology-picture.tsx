import type { Vcpu } from '@coreshift/shared/contract'
import { LockSign, PinSign, VcpuSign } from '../../domain/vcpu-sign.tsx'
import { vcpus as words } from '../../strings/vcpus.ts'
import { vmPage } from '../../strings/vm.ts'
import { ManySockets } from './many-sockets.tsx'
import { SocketBox } from './socket-box.tsx'
import { countStates, socketsOfVm } from './topology-view.ts'

/** Up to here everything is drawn at once; above, only what is in view. */
const VCPUS_AT_ONCE_MAX = 512

/** Sockets as boxes, in them the cores, in them each vCPU with its sign. */
export function TopologyPicture({ vcpus }: { vcpus: readonly Vcpu[] }) {
  const sockets = socketsOfVm({ vcpus: [...vcpus] })
  return (
    <>
      {vcpus.length > VCPUS_AT_ONCE_MAX ? (
        <ManySockets sockets={sockets} />
      ) : (
        <div className="cs-topology">
          {sockets.map((list, socket) => (
            <SocketBox key={socket} socket={socket} vcpus={list} />
          ))}
        </div>
      )}
      <Legend vcpus={vcpus} />
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
