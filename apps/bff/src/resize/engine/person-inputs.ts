import type { InputOf } from './engine-io.ts'
import { askAgain } from './ask-guest.ts'
import { finish } from './finish-operation.ts'
import { idsIn } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'
import { leavingIds } from './vcpu-wish.ts'

/** People that can ask to be told of one operation (R20). */
const TELL_MAX = 50

/** A person wants the guest asked now; the refused vCPUs too, whatever the policy says (R17). */
export function retry(turn: TurnBuilder, input: InputOf<'retry'>): void {
  const { record } = turn
  const { memory } = record
  if (record.kind !== 'unplug' || record.attempts === 0 || memory.hostLost || memory.submitError) return
  if (memory.writingConfig || memory.configStored === true) return
  const ids = [...leavingIds(record), ...idsIn(record, 'refused')].sort((a, b) => a - b)
  if (ids.length === 0) return
  turn.audit('resize.retry', 'info', `${input.by.name} had the guest asked again.`, { actor: input.by })
  turn.note('retry', `${input.by.name} had the guest asked again.`)
  askAgain(turn, ids, 'pending')
}

export function abandon(turn: TurnBuilder, input: InputOf<'abandon'>): void {
  finish(turn, 'abandoned', { by: input.by })
}

/** The newer operation goes on with what the guest was asked for (R21). */
export function replaced(turn: TurnBuilder, input: InputOf<'replaced'>): void {
  const handed = idsIn(turn.record, 'pending-removal', 'stuck').filter((id) => input.vcpus.includes(id))
  turn.set({ replacedBy: input.operation })
  if (handed.length > 0) turn.remember({ takenOver: handed })
  finish(turn, 'abandoned', { by: input.by })
}

/** Who is told when it is overdue and when it ends (R17). */
export function tellPerson(turn: TurnBuilder, { by, on }: InputOf<'tell'>): void {
  const { tell = [] } = turn.record
  const others = tell.filter((one) => one.kind !== by.kind || one.name !== by.name)
  if (on === others.length < tell.length || (on && tell.length >= TELL_MAX)) return
  const { tell: _tell, ...rest } = turn.record
  const next = on ? [...tell, { kind: by.kind, name: by.name }] : others
  turn.replace({ ...rest, ...(next.length > 0 && { tell: next }) })
}
