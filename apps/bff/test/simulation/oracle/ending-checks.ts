import { isOpen } from '@coreshift/shared'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import { isOut, isStoring, PUT_BACK_REQUESTS_MAX, showsRestart, type Step } from './step-story.ts'

/** Requests to store the definition that may stay without an answer (R20). */
const CONFIG_WRITES_MAX = 5

/** Every end has a reason that somebody has told: the reasons are worked out from what came, not from the record. */
export function checkEnding(step: Step): void {
  const { before, after, input, turn } = step
  if (!isOpen(before.state) || isOpen(after.state)) return
  if (after.state === 'abandoned') return checkAbandoned(step)
  const closing = turn.audit.find((entry) => entry.action === 'resize.finished')
  if (closing && closing.actor.name !== before.requestedBy.name) {
    throw new BrokenPromise(`R17: the end is told in the name of ${closing.actor.name}`)
  }
  if (after.state !== 'failed') return
  const reasons = isStoring(before) ? storingFailed(step) : liveFailed(step)
  if (!reasons.some(Boolean)) {
    throw new BrokenPromise(`R5: failed by "${input.type}" without a reason that anybody told`)
  }
  checkStrict(step)
}

function checkAbandoned({ input, turn }: Step): void {
  if (input.type !== 'abandon' && input.type !== 'replaced') {
    throw new BrokenPromise('R5: only a person stops the waiting')
  }
  const closing = turn.audit.find((entry) => entry.action === 'resize.finished')
  if (closing?.actor.name !== input.by.name) {
    throw new BrokenPromise('R17: the one who stops the waiting is named')
  }
}

function storingFailed({ before, input, story }: Step): boolean[] {
  const observation = input.type === 'observed' ? input.observation : undefined
  const { memory, to } = before
  return [
    input.type === 'config-failed',
    observation?.presence === 'gone' && !memory.writingConfig,
    story.configWritten &&
      observation !== undefined &&
      observation.configCount !== (memory.configTarget ?? to.vcpus),
    memory.writingConfig && (memory.configWrites ?? 0) >= CONFIG_WRITES_MAX,
  ]
}

function liveFailed(step: Step): boolean[] {
  const { before, after, input, story, seen } = step
  const { policy, memory } = before
  if (input.type === 'drain-refused') return [true]
  if (input.type !== 'observed') return [false]
  const { observation } = input
  const requests = before.attempts - (memory.sideRequests ?? 0)
  const late = story.lookSince !== undefined && observation.readAt >= story.lookSince && !story.hostLost
  const waiting = after.vcpus.some((vcpu) => isOut(vcpu.state) && vcpu.addBack !== true)
  const refused = after.vcpus.some((vcpu) => vcpu.state === 'refused')
  const usedUp = requests >= policy.attempts
  const rejected = [story.rejectedAt, story.drainRefusedAt].some(
    (at) => at !== undefined && observation.readAt >= at,
  )
  const othersDid = after.vcpus.some(({ state, addBack }, index) => {
    const was = before.vcpus[index]?.state
    // What was awaited to the end was not undone by others.
    if (was === undefined || was === 'adding' || isOut(was)) return false
    return before.kind === 'plug' || addBack === true ? state === 'absent' : state === 'present'
  })
  const lacking = before.vcpus.filter((vcpu) => vcpu.state === 'adding').map((vcpu) => vcpu.attempts)
  return [
    observation.presence !== 'running',
    showsRestart(before, seen),
    memory.submitError !== undefined && rejected,
    refused && !waiting && (usedUp || !policy.retryRefused),
    othersDid && !waiting,
    late && usedUp && waiting && (policy.ending === 'fail' || policy.ending === 'put-back'),
    late && lacking.length > 0 && Math.max(...lacking) >= Math.min(policy.attempts, PUT_BACK_REQUESTS_MAX),
    before.state === 'rolling-back' && story.putBackRequests >= PUT_BACK_REQUESTS_MAX,
  ]
}

/** All or nothing: what a strict resize removed is put back before it fails, as long as there is a machine. */
function checkStrict({ before, after, input, seen }: Step): void {
  if (before.policy.ending !== 'put-back' || before.kind !== 'unplug' || before.state === 'rolling-back')
    return
  if (isStoring(before) || seen === undefined || showsRestart(before, seen) || input.type !== 'observed')
    return
  const kept = after.vcpus.filter((vcpu) => vcpu.state === 'removed' && vcpu.addBack !== true)
  if (kept.length > 0) throw new BrokenPromise('R14: a strict resize puts back what it removed')
}
