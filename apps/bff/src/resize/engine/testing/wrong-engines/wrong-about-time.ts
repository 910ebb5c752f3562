import { isEnded, isOpen } from '@coreshift/shared'
import { advance } from '../../resize-engine.ts'
import {
  deafTo,
  edited,
  ended,
  afterwards,
  mistaking,
  thenOn,
  withMemory,
  type WrongEngines,
} from './tampering.ts'

function later(at: number, ms: number): { deadlineAt: string } {
  return { deadlineAt: new Date(at + ms).toISOString() }
}

/** Deadlines, requests, restarts, lost hosts. */
export const wrongAboutTime: WrongEngines = {
  'the timer is forgotten on restart': thenOn('resume', (turn, before) => {
    const { deadlineAt: _deadline, ...rest } = turn.record
    return isOpen(rest.state) ? { ...turn, record: { ...rest, seq: before.seq + 1 } } : undefined
  }),

  'the timer is forgotten when the operation is deferred': afterwards((turn) => {
    if (turn.record.state !== 'deferred') return undefined
    const { deadlineAt: _deadline, ...rest } = turn.record
    return { ...turn, record: rest }
  }),

  'a restart is not noticed': deafTo((_record, input) => input.type === 'resume'),

  'after a restart the operation is begun again': (record, input) =>
    input.type === 'resume' && isOpen(record.state)
      ? advance({ ...record, attempts: 0, state: 'submitting' }, { type: 'begin', at: input.at })
      : advance(record, input),

  'after a restart everything is given up': afterwards((turn, before, input) =>
    input.type === 'resume' && isOpen(before.state) ? ended(turn, before, input.at, 'failed') : undefined,
  ),

  'a clock that was set back is not noticed': thenOn('resume', (turn, before) =>
    turn.record === before
      ? undefined
      : edited(turn, before, { vcpus: before.vcpus, createdAt: before.createdAt }),
  ),

  'a lost begin is not made up for': deafTo(
    (record, input) => (input.type === 'timer' || input.type === 'host-back') && record.attempts === 0,
  ),

  'the deadline decides without a look': (record, input) => {
    const turn = advance(record, input)
    if (input.type !== 'timer' || turn.effects[0]?.type !== 'observe' || record.kind !== 'unplug') return turn
    const enabled = new Set(record.vcpus.filter((vcpu) => vcpu.state !== 'removed').map((vcpu) => vcpu.id))
    const blind = advance(turn.record, {
      type: 'observed',
      at: input.at,
      observation: { readAt: input.at, presence: 'running', enabled },
    })
    return edited({ ...blind, audit: [...turn.audit, ...blind.audit] }, record, {})
  },

  'a read of the time before answers the deadline': thenOn('timer', (turn, before) =>
    turn.record.memory.checkSince === undefined ? undefined : withMemory(turn, before, { checkSince: 0 }),
  ),

  'a timer of a moved deadline acts': mistaking((record, input) =>
    input.type === 'timer' && record.deadlineAt !== undefined && isOpen(record.state)
      ? { deadlineAt: new Date(input.at).toISOString() }
      : {},
  ),

  'the deadline fails the operation': afterwards((turn, before, input) =>
    input.type === 'timer' && isOpen(turn.record.state) && !before.memory.hostLost && turn.effects.length > 0
      ? ended(turn, before, input.at, 'failed')
      : undefined,
  ),

  'asked again by number': afterwards((turn, before) => {
    const again = turn.effects.some((effect) => effect.type === 'send' && effect.attempt > 1)
    if (!again) return undefined
    return {
      ...turn,
      effects: turn.effects.map((effect) =>
        effect.type === 'send' && effect.attempt > 1
          ? {
              ...effect,
              call: { ...effect.call, kind: 'set-count' as const, vcpus: before.memory.liveTarget ?? 0 },
            }
          : effect,
      ),
    }
  }),

  'asked again for everything': afterwards((turn) => ({
    ...turn,
    effects: turn.effects.map((effect) =>
      effect.type === 'send' && effect.attempt > 1
        ? { ...effect, call: { ...effect.call, ids: turn.record.vcpus.map((vcpu) => vcpu.id) } }
        : effect,
    ),
  })),

  'never asked again': afterwards((turn) =>
    turn.record.attempts > 1
      ? { ...turn, effects: turn.effects.filter((effect) => effect.type !== 'send') }
      : undefined,
  ),

  'requests are not counted': afterwards((turn, before) =>
    turn.record.attempts > before.attempts && before.attempts > 0
      ? edited(turn, before, { attempts: before.attempts })
      : undefined,
  ),

  'given up after the first deadline': mistaking((record) => ({ policy: { ...record.policy, attempts: 1 } })),

  'no back-off': afterwards((turn, before, input) =>
    turn.record.attempts > before.attempts && turn.record.state === 'pending'
      ? edited(turn, before, later(input.at, turn.record.policy.deadlineMs))
      : undefined,
  ),

  'a back-off without bound': afterwards((turn, before, input) => {
    const { policy, attempts, state } = turn.record
    if (attempts === before.attempts || state !== 'pending') return undefined
    return edited(turn, before, later(input.at, policy.deadlineMs * policy.backoffFactor ** (attempts - 1)))
  }),

  'keep waiting is taken for ask again': mistaking((record) =>
    record.policy.ending === 'keep-waiting' ? { policy: { ...record.policy, ending: 'reconcile' } } : {},
  ),

  'a refusal is asked again although the policy says no': mistaking((record) => ({
    policy: { ...record.policy, retryRefused: true },
  })),

  'a refusal is never asked again': mistaking((record) => ({
    policy: { ...record.policy, retryRefused: false },
  })),

  'the first refusal ends the operation': afterwards((turn, before, input) => {
    const refused = turn.record.vcpus.some(
      (vcpu, index) => vcpu.state === 'refused' && before.vcpus[index]?.state !== 'refused',
    )
    const out = turn.record.vcpus.some((vcpu) => vcpu.state === 'pending-removal')
    return refused && out && isOpen(turn.record.state) ? ended(turn, before, input.at, 'failed') : undefined
  }),

  'nobody is told that it takes long': afterwards((turn, before) =>
    turn.record.overdue ? edited(turn, before, { overdue: false }) : undefined,
  ),

  'a lost host fails the operation': afterwards((turn, before, input) =>
    input.type === 'host-lost' && isOpen(before.state) ? ended(turn, before, input.at, 'failed') : undefined,
  ),

  'a lost host is taken for a silent guest': deafTo((_record, input) => input.type === 'host-lost'),

  'the return of the host is not noticed': deafTo((_record, input) => input.type === 'host-back'),

  'the return of the host leads to no look': thenOn('host-back', (turn) => ({ ...turn, effects: [] })),

  'silence from before the host was lost counts against the guest': thenOn('host-back', (turn, before) =>
    before.memory.checkReason === 'deadline' && isOpen(turn.record.state)
      ? withMemory(turn, before, {
          checkReason: 'deadline',
          ...(before.memory.checkSince !== undefined && { checkSince: before.memory.checkSince }),
        })
      : undefined,
  ),

  'an operation without vCPUs asks all the same': thenOn('begin', (turn, before) =>
    before.vcpus.length === 0 && before.kind !== 'config'
      ? {
          ...turn,
          effects: [
            { type: 'send', attempt: 1, call: { kind: 'set-count', vcpus: 4, ids: [], enable: false } },
          ],
        }
      : undefined,
  ),

  'unchanged is a new object': afterwards((turn, before) =>
    turn.record === before && isEnded(before.state) ? edited(turn, before, {}) : undefined,
  ),
}
