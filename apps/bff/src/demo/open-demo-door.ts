import { AGENT_MODES, type DemoControl, GUEST_ACTIONS, GUEST_BEHAVIOURS } from '@coreshift/demo-host'
import type { AgentMode, GuestAction, GuestBehaviour } from '@coreshift/demo-host'
import type { DemoGuest, DemoHostChange } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { DemoDoor } from './demo-door.ts'

/** The demo's control door in the words of the API. */
export function openDemoDoor(control: DemoControl): DemoDoor {
  function guest(host: string, vm: string): DemoGuest {
    const simulated = control.hosts.includes(host)
    const report = simulated ? control.vms(host).find(({ uuid }) => uuid === vm) : undefined
    if (!report) throw new Failure('not-found', `There is no simulated VM ${vm} on a host ${host}.`)
    const { behaviour, agent, running, asked } = report
    return {
      behaviour,
      behaviours: [...GUEST_BEHAVIOURS],
      agent,
      agents: [...AGENT_MODES],
      actions: [...GUEST_ACTIONS],
      running,
      asked: [...asked],
    }
  }

  return {
    guest,
    changeGuest(host, vm, { behaviour, agent, act, answer }) {
      guest(host, vm)
      const profile = {
        ...(behaviour === undefined ? {} : { behaviour: known('behaviour', behaviour, GUEST_BEHAVIOURS) }),
        ...(agent === undefined ? {} : { agent: known('agent', agent, AGENT_MODES) }),
      } satisfies { behaviour?: GuestBehaviour; agent?: AgentMode }
      const action: GuestAction | undefined = act === undefined ? undefined : known('act', act, GUEST_ACTIONS)
      try {
        control.setGuest(host, vm, profile)
        if (answer) control.answer(host, vm, answer.vcpu, answer.how)
        if (action) control.act(host, vm, action)
      } catch (error) {
        // The control door's errors name what cannot be done with this guest now.
        throw new Failure('invalid-request', error instanceof Error ? error.message : String(error))
      }
      return guest(host, vm)
    },
    async changeHost(host, change) {
      if (!control.hosts.includes(host)) throw new Failure('not-found', `There is no simulated host ${host}.`)
      await HOST_DEEDS[change.act](control, host)
    },
  }
}

const HOST_DEEDS: Record<
  DemoHostChange['act'],
  (control: DemoControl, host: string) => Promise<void> | void
> = {
  'cut-connections': (control, host) => control.cut(host),
  'stop-daemon': (control, host) => control.stopDaemon(host),
  'start-daemon': (control, host) => control.startDaemon(host),
}

function known<T extends string>(what: string, value: string, all: readonly T[]): T {
  const found = all.find((one) => one === value)
  if (found !== undefined) return found
  throw new Failure(
    'invalid-request',
    `${what} ${JSON.stringify(value)} is not known; there are ${all.join(', ')}.`,
  )
}
