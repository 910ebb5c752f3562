import { formatDuration, formatVcpuRanges, type OperationState } from '@coreshift/shared'
import type { Actor } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'
import { describeOperation, idsIn, movedIds } from './operation-sentence.ts'
import type { TurnBuilder } from './turn-builder.ts'

type EndState = Extract<OperationState, 'converged' | 'failed' | 'abandoned' | 'rolled-back'>

function outcomeOf(record: OperationRecord, state: EndState): 'done' | 'partial' | 'failed' | 'refused' {
  if (state === 'converged') return 'done'
  if (state === 'rolled-back') return 'failed'
  if (movedIds(record).length > 0) return 'partial'
  return idsIn(record, 'refused').length > 0 ? 'refused' : 'failed'
}

/** Ends an operation with its one closing audit entry (R6). */
export function finish(
  turn: TurnBuilder,
  state: EndState,
  why: { text?: string; detail?: string; by?: Actor } = {},
): void {
  const { deadlineAt: _deadline, ...rest } = turn.record
  turn.replace({
    ...rest,
    state,
    finishedAt: turn.instant,
    ...(why.text !== undefined && { error: why.text }),
  })
  turn.remember({ awaitingAnswer: false, writingConfig: false, reportedFailed: [] })
  turn.forget('checkSince', 'checkReason', 'failedSince', 'submitError', 'paused')
  turn.forget('draining', 'onlining')
  const { record } = turn
  // What the guest gave up for this operation and keeps after all, it may use again (R22).
  const undo = idsIn(record, 'refused', 'present').filter((id) => record.memory.drained?.includes(id))
  if (undo.length > 0) turn.effect({ type: 'online', vcpus: undo })
  const durationMs = turn.at - Date.parse(record.createdAt)
  const text = describeOperation(record)
  turn.note('finished', text, why.detail === undefined ? {} : { detail: why.detail })
  turn.audit('resize.finished', outcomeOf(record, state), text, {
    durationMs,
    detail: {
      state,
      from: record.from,
      to: record.to,
      attempts: record.attempts,
      duration: formatDuration(durationMs),
      removed: formatVcpuRanges(idsIn(record, 'removed')),
      added: formatVcpuRanges(record.kind === 'plug' ? movedIds(record) : []),
      ...(state === 'rolled-back' && { putBack: formatVcpuRanges(idsIn(record, 'present')) }),
      refused: formatVcpuRanges(idsIn(record, 'refused')),
      unanswered: formatVcpuRanges(idsIn(record, 'stuck', 'pending-removal', 'adding')),
      ...(why.detail !== undefined && { libvirt: why.detail }),
    },
    ...(why.by !== undefined && { actor: why.by }),
  })
}
