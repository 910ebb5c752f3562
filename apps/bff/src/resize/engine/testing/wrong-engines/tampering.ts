import type { OperationRecord } from '../../../operation-record.ts'
import type { Input, InputOf, InputType, Observation, Turn } from '../../engine-io.ts'
import { finish } from '../../finish-operation.ts'
import { advance } from '../../resize-engine.ts'
import { TurnBuilder } from '../../turn-builder.ts'
import type { Advance } from '../promises.ts'

export type WrongEngines = Readonly<Record<string, Advance>>
type Vcpu = OperationRecord['vcpus'][number]

/** The engine does not see inputs for which `deaf` holds. */
export function deafTo(deaf: (record: OperationRecord, input: Input) => boolean): Advance {
  return (record, input) =>
    deaf(record, input) ? { record, effects: [], audit: [] } : advance(record, input)
}

/** The engine sees another input than the one that came. */
export function misreading(misread: (input: Input, record: OperationRecord) => Input): Advance {
  return (record, input) => advance(record, misread(input, record))
}

/** The engine sees something else in a re-read. */
export function misseeing(
  change: (
    observation: Observation,
    record: OperationRecord,
    input: InputOf<'observed'>,
  ) => Partial<Observation>,
): Advance {
  return misreading((input, record) =>
    input.type === 'observed'
      ? { ...input, observation: { ...input.observation, ...change(input.observation, record, input) } }
      : input,
  )
}

/** The engine takes the operation for another one; what it leaves unchanged stays the operation that it is. */
export function mistaking(
  change: (record: OperationRecord, input: Input) => Partial<OperationRecord>,
): Advance {
  return (record, input) => {
    const mistaken = { ...record, ...change(record, input) }
    const turn = advance(mistaken, input)
    if (turn.record === mistaken) return { ...turn, record }
    const kept = turn.record.policy === mistaken.policy ? { policy: record.policy } : {}
    return { ...turn, record: { ...turn.record, ...kept } }
  }
}

/** What the engine decided is changed afterwards; `undefined` leaves it. */
export function afterwards(
  change: (turn: Turn, before: OperationRecord, input: Input) => Turn | undefined,
): Advance {
  return (record, input) => {
    const turn = advance(record, input)
    return change(turn, record, input) ?? turn
  }
}

/** Like `afterwards`, for one type of input in open operations. */
export function thenOn<T extends InputType>(
  type: T,
  change: (turn: Turn, before: OperationRecord) => Turn | undefined,
): Advance {
  return afterwards((turn, before, input) => (input.type === type ? change(turn, before) : undefined))
}

/** A turn with a changed record, numbered as the engine would. */
export function edited(turn: Turn, before: OperationRecord, change: Partial<OperationRecord>): Turn {
  return { ...turn, record: { ...turn.record, ...change, seq: before.seq + 1 } }
}

export function withMemory(
  turn: Turn,
  before: OperationRecord,
  change: Partial<OperationRecord['memory']>,
): Turn {
  return edited(turn, before, { memory: { ...turn.record.memory, ...change } })
}

export function withVcpus(turn: Turn, before: OperationRecord, change: (vcpu: Vcpu) => Vcpu): Turn {
  return edited(turn, before, { vcpus: turn.record.vcpus.map(change) })
}

/** Ends the operation as the engine ends one. */
export function ended(
  turn: Turn,
  before: OperationRecord,
  at: number,
  state: 'converged' | 'failed' | 'rolled-back',
): Turn {
  const builder = new TurnBuilder(turn.record, at)
  finish(builder, state, state === 'failed' ? { text: 'failed' } : {})
  const end = builder.build()
  return edited({ ...end, effects: [], audit: [...turn.audit, ...end.audit] }, before, {})
}
