import { DEFAULT_POLICIES, type ResizePolicy } from '@coreshift/shared'
import { openingOfMerge } from '../../merge-wish.ts'
import type { OperationRecord } from '../../operation-record.ts'
import { changeMind } from '../change-of-mind.ts'
import type { Turn } from '../engine-io.ts'
import { openExample, range, START, THREE_REQUESTS } from './open-example.ts'
import type { SeededChance } from './seeded-chance.ts'

const POLICIES: readonly [ResizePolicy, ...ResizePolicy[]] = [
  DEFAULT_POLICIES.interactive,
  DEFAULT_POLICIES.background,
  DEFAULT_POLICIES.strict,
  THREE_REQUESTS,
  { ...THREE_REQUESTS, retryRefused: true },
  { ...THREE_REQUESTS, ending: 'keep-waiting' },
  { ...THREE_REQUESTS, ending: 'fail' },
  { ...THREE_REQUESTS, attempts: 2, ending: 'put-back', retryRefused: true },
  { ...THREE_REQUESTS, drain: true, bringOnline: true },
  { ...THREE_REQUESTS, retryRefused: true, drain: true, bringOnline: true },
  { ...THREE_REQUESTS, deadlineMs: 500, maxDeadlineMs: 4000, backoffFactor: 2, reconcileMs: 5000 },
]

interface RandomOpening {
  readonly turn: Turn
  readonly unitSize: number
  /** vCPUs that the machine has at the start. */
  readonly vcpus: number
  /** vCPUs that an operation which gave way to this one had asked the guest for. */
  readonly asked: readonly number[]
}

/** Any operation that the planner could open. */
export function randomOpening(chance: SeededChance): RandomOpening {
  const unitSize = chance.pick([1, 2])
  const kind = chance.pick(['unplug', 'unplug', 'unplug', 'plug', 'config'])
  const policy = chance.pick(POLICIES)
  const method = chance.pick(['count', 'ids'])
  const small = 4
  const large = 8
  const both = chance.happens(0.3)
  if (kind === 'config') {
    const to = chance.pick([small, large])
    const turn = openExample({
      kind,
      mode: 'nextBoot',
      policy,
      unitSize,
      vcpus: [],
      configTarget: to,
      from: { sockets: large / 2, vcpus: large },
      to: { sockets: to / 2, vcpus: to },
    })
    return { turn, unitSize, vcpus: large, asked: [] }
  }
  if (chance.happens(0.2)) return randomChangeOfMind(chance, { kind, policy, unitSize })
  const [from, to] = kind === 'plug' ? [small, large] : [large, small]
  const moved = chance.happens(0.03) ? [] : range(small, large - 1)
  const turn = openExample({
    kind,
    policy,
    method,
    unitSize,
    mode: both ? 'both' : 'live',
    vcpus: moved,
    from: { sockets: from / 2, vcpus: from },
    to: { sockets: to / 2, vcpus: to },
    ...(both && { configTarget: to }),
  })
  return { turn, unitSize, vcpus: from, asked: [] }
}

/** An operation that goes on with what another one asked for: of 4-7, some are wanted again (R21). */
function randomChangeOfMind(
  chance: SeededChance,
  { kind, policy, unitSize }: { kind: 'plug' | 'unplug'; policy: ResizePolicy; unitSize: number },
): RandomOpening {
  const present = kind === 'plug' ? range(0, 5) : range(0, 7)
  const asked = kind === 'plug' ? [4, 5] : range(4, 7)
  const wanted = kind === 'plug' ? range(0, chance.pick([5, 7])) : range(0, chance.pick([1, 5]))
  const open = openExample({ policy, unitSize, vcpus: range(4, 7) }).record
  const before: OperationRecord = {
    ...open,
    attempts: 1,
    vcpus: open.vcpus.map((vcpu) => ({
      ...vcpu,
      attempts: 1,
      ...(!present.includes(vcpu.id) && { state: 'removed' as const }),
    })),
  }
  const fates = changeMind(before, new Set(wanted), new Set(present))
  const merged = openingOfMerge(before, kind, fates, START)
  const turn = openExample({
    kind,
    policy,
    method: 'ids',
    unitSize,
    vcpus: merged.vcpus.map((vcpu) => vcpu.id),
    from: { sockets: present.length / 2, vcpus: present.length },
    to: { sockets: wanted.length / 2, vcpus: wanted.length },
    replaces: before.id,
    merged,
  })
  return { turn, unitSize, vcpus: present.length, asked }
}
