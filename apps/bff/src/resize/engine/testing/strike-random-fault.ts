import type { Input } from '../engine-io.ts'
import { ANN, range } from './open-example.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { SimulatedMachine } from './simulated-machine.ts'

export type RandomFault =
  | 'host-lost'
  | 'server-killed'
  | 'foreign-event'
  | 'stale-event'
  | 'foreign-refusal'
  | 'others-add'
  | 'others-remove'
  | 'machine-restarted'
  | 'machine-stopped'
  | 'machine-gone'
  | 'machine-moved'
  | 'person-asks-again'
  | 'person-stops-waiting'

/** What strikes more often stands here twice. */
export const RANDOM_FAULTS: readonly [RandomFault, ...RandomFault[]] = [
  ...(['host-lost', 'host-lost', 'server-killed', 'server-killed', 'foreign-event', 'stale-event'] as const),
  ...(['foreign-refusal', 'others-add', 'others-remove', 'person-asks-again', 'person-asks-again'] as const),
  ...([
    'machine-restarted',
    'machine-stopped',
    'machine-gone',
    'machine-moved',
    'person-stops-waiting',
  ] as const),
]

/** What a fault can get at. */
interface Struck {
  readonly machine: SimulatedMachine
  readonly chance: SeededChance
  readonly at: number
  feed(input: Input): void
  loseHost(): void
  kill(): void
}

/** Lets one fault happen, as far as there is something that it can happen to. */
export function strikeRandomFault(kind: RandomFault, struck: Struck): void {
  const { machine, chance, at, feed } = struck
  switch (kind) {
    case 'host-lost':
      return struck.loseHost()
    case 'server-killed':
      return struck.kill()
    case 'foreign-event':
      return feed({ type: 'vcpu-removed', at, vcpu: chance.pick([0, 1, 30]) })
    case 'stale-event':
      return feed({ type: 'vcpu-removed', at, vcpu: chance.between(4, 7) })
    case 'foreign-refusal':
      return feed({ type: 'removal-failed', at, unit: 2, alias: 'vcpu2' })
    case 'others-add':
      if (machine.presence === 'running') for (const id of range(6, 7)) machine.enabled.add(id)
      return
    case 'others-remove':
      for (const id of range(6, 7)) machine.enabled.delete(id)
      return
    case 'machine-restarted':
      if (machine.presence !== 'gone') machine.restart()
      return
    case 'machine-stopped':
      if (machine.presence === 'running') machine.presence = 'stopped'
      machine.enabled.clear()
      return
    case 'machine-gone':
      machine.presence = 'gone'
      machine.enabled.clear()
      return
    case 'machine-moved':
      if (machine.presence !== 'running') return
      machine.host = machine.host === 'host-1' ? 'host-2' : 'host-1'
      return
    case 'person-asks-again':
      return feed({ type: 'retry', at, by: ANN })
    case 'person-stops-waiting':
      if (chance.happens(0.3)) feed({ type: 'abandon', at, by: ANN })
      return
  }
}
