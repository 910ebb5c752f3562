import { isEnded, isOpen, unitOf } from '@coreshift/shared'
import { advance } from '../../resize-engine.ts'
import {
  deafTo,
  edited,
  ended,
  misreading,
  misseeing,
  afterwards,
  thenOn,
  withMemory,
  withVcpus,
  type WrongEngines,
} from './tampering.ts'

/** What is true, and what is only said. */
export const wrongAboutTruth: WrongEngines = {
  'accepted is taken for done': afterwards((turn, before, input) => {
    if (input.type !== 'accepted' || before.kind !== 'unplug' || isEnded(turn.record.state)) return undefined
    const since = new Date(input.at).toISOString()
    const gone = withVcpus(turn, before, (vcpu) => ({ ...vcpu, state: 'removed' as const, since }))
    return ended(gone, before, input.at, 'converged')
  }),

  'an event is taken for proof': afterwards((turn, before, input) =>
    input.type === 'vcpu-removed' && turn.record !== before
      ? withVcpus(turn, before, (vcpu) =>
          vcpu.id === input.vcpu
            ? { ...vcpu, state: 'removed' as const, since: new Date(input.at).toISOString() }
            : vcpu,
        )
      : undefined,
  ),

  'an event before the reply is ignored': deafTo(
    (record, input) => input.type === 'vcpu-removed' && record.state === 'submitting',
  ),

  'a look before the reply is ignored': deafTo(
    (record, input) =>
      input.type === 'observed' && record.state === 'submitting' && !record.memory.submitError,
  ),

  'an event leads to no look': thenOn('vcpu-removed', (turn) => ({ ...turn, effects: [] })),

  'accepted leads to no look': thenOn('accepted', (turn) => ({ ...turn, effects: [] })),

  'the removal of a group is counted once': misseeing(({ enabled }, record) => {
    const { unitSize } = record.memory
    const kept = record.vcpus.filter((vcpu) => vcpu.id !== unitOf(vcpu.id, unitSize)).map((vcpu) => vcpu.id)
    return record.kind === 'unplug' ? { enabled: new Set([...enabled, ...kept]) } : {}
  }),

  'the removal of one vCPU is counted for its group': misseeing(({ enabled }, record) => ({
    enabled: new Set(
      [...enabled].filter(
        (id) => enabled.has(id - (id % 4)) && (id < 6 || enabled.has(4) || record.kind === 'plug'),
      ),
    ),
  })),

  'the alias of a unit is taken for the id of a vCPU': thenOn('observed', (turn, before) => {
    const wrong = turn.record.vcpus.some(
      (vcpu, index) =>
        vcpu.state === 'refused' &&
        before.vcpus[index]?.state !== 'refused' &&
        vcpu.id !== unitOf(vcpu.id, before.memory.unitSize),
    )
    if (!wrong) return undefined
    return withVcpus(
      { ...turn, record: { ...turn.record, state: 'pending', deadlineAt: before.deadlineAt ?? '' } },
      before,
      (vcpu) =>
        vcpu.id === unitOf(vcpu.id, before.memory.unitSize)
          ? vcpu
          : (before.vcpus.find((old) => old.id === vcpu.id) ?? vcpu),
    )
  }),

  'a reported refusal is taken for proof': afterwards((turn, before, input) =>
    input.type === 'removal-failed' && turn.record !== before
      ? withVcpus(turn, before, (vcpu) =>
          unitOf(vcpu.id, before.memory.unitSize) === input.unit
            ? { ...vcpu, state: 'refused' as const }
            : vcpu,
        )
      : undefined,
  ),

  'a read from before the report makes a refusal': thenOn('removal-failed', (turn, before) =>
    turn.record === before ? undefined : withMemory(turn, before, { failedSince: 0 }),
  ),

  'a refusal is not heard': deafTo((_record, input) => input.type === 'removal-failed'),

  'a refusal is heard whomever it is about': misreading((input, record) =>
    input.type === 'removal-failed'
      ? { ...input, unit: unitOf(record.vcpus[0]?.id ?? 0, record.memory.unitSize) }
      : input,
  ),

  'old reads count as new': misseeing((_observation, _record, input) => ({ readAt: input.at })),

  'numbers decide, not ids': afterwards((turn, before, input) => {
    if (input.type !== 'observed' || !isOpen(turn.record.state) || turn.record.state !== 'pending')
      return undefined
    if (before.kind !== 'unplug' || turn.record.memory.writingConfig) return undefined
    return input.observation.enabled.size === before.memory.liveTarget
      ? ended(turn, before, input.at, 'converged')
      : undefined
  }),

  'what others add again is not noticed': misseeing(({ enabled }, record) => ({
    enabled: new Set(
      [...enabled].filter(
        (id) =>
          record.kind !== 'unplug' ||
          record.state === 'rolling-back' ||
          !record.vcpus.some((vcpu) => vcpu.id === id && vcpu.state === 'removed'),
      ),
    ),
  })),

  'refused at the door is taken for untouched': (record, input) => {
    const turn = advance(record, input)
    if (input.type !== 'rejected' || turn.record.memory.submitError === undefined) return turn
    return ended(
      withVcpus(turn, record, (vcpu) => ({ ...vcpu, state: 'present' as const })),
      record,
      input.at,
      'failed',
    )
  },

  'refused at the door is judged by a read of the time before': thenOn('rejected', (turn, before) =>
    turn.record.memory.checkSince === undefined ? undefined : withMemory(turn, before, { checkSince: 0 }),
  ),

  'a missing answer is taken for a refusal': misreading((input, record) =>
    input.type === 'answer-lost' && record.state === 'submitting' ? { ...input, type: 'rejected' } : input,
  ),

  'a call that stopped waiting is taken for a refusal': misreading((input) =>
    input.type === 'accepted' && input.waited === true
      ? { type: 'rejected', at: input.at, attempt: input.attempt, error: { message: 'timed out' } }
      : input,
  ),

  'the answer of an older request answers the newest': misreading((input, record) =>
    input.type === 'accepted' ? { ...input, attempt: record.attempts } : input,
  ),

  'a stopped machine is not noticed': deafTo(
    (_record, input) => input.type === 'observed' && input.observation.presence !== 'running',
  ),

  'a restarted machine is not noticed': misseeing((observation, record) =>
    observation.machine && record.memory.machine
      ? { machine: { ...observation.machine, domainId: record.memory.machine.domainId } }
      : {},
  ),

  'a machine that moved is taken for restarted': misseeing((observation, record) =>
    observation.machine && record.memory.machine && observation.machine.host !== record.memory.machine.host
      ? { machine: { ...record.memory.machine, domainId: -1 } }
      : {},
  ),

  'a stuck vCPU is called removed after its last request': afterwards((turn, before, input) =>
    turn.record.vcpus.some((vcpu) => vcpu.state === 'stuck') && isOpen(turn.record.state)
      ? withVcpus(turn, before, (vcpu) =>
          vcpu.state === 'stuck'
            ? { ...vcpu, state: 'removed' as const, since: new Date(input.at).toISOString() }
            : vcpu,
        )
      : undefined,
  ),

  'an event about others is noted as ours': thenOn('vcpu-removed', (turn, before) =>
    turn.record === before && isOpen(before.state) ? edited(turn, before, { overdue: true }) : undefined,
  ),
}
