import { isOpen, unitOf } from '@coreshift/shared'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import { has, isOut, isStoring, PUT_BACK_REQUESTS_MAX, showsRestart, type Step } from './step-story.ts'

function demand(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new BrokenPromise(promise)
}

/** Time that the n-th request has, by the policy's words, ms. */
function waitOf({ policy }: OperationRecord, request: number): number {
  let wait = policy.deadlineMs
  for (let count = 1; count < request; count += 1) wait *= policy.backoffFactor
  return Math.min(Math.round(wait), Math.max(policy.maxDeadlineMs, policy.deadlineMs))
}

/** Shortest time that a running wait may last before its deadline decides, ms. */
function shortestWait(record: OperationRecord): number {
  if (record.state === 'deferred' && record.memory.paused !== true) return record.policy.reconcileMs
  return record.policy.deadlineMs
}

/** Deadlines are kept: nothing is decided too early, without a look, or more often than the policy says. */
export function checkDeadlines(step: Step): void {
  checkRequests(step)
  checkDecisions(step)
  checkBegin(step)
  checkMachine(step)
  checkStoring(step)
  checkPuttingBack(step)
}

function checkRequests({ before, input, after, send, turn }: Step): void {
  const more = after.attempts - before.attempts
  // What goes on with another operation's requests may have nothing to ask for at first.
  const names =
    before.attempts > 0 ||
    after.vcpus.some((vcpu, index) => vcpu.attempts > (before.vcpus[index]?.attempts ?? 0))
  if (more > 0 && names && after.kind !== 'config' && after.vcpus.length > 0) {
    demand(send !== undefined, 'R8: a request that is counted is sent')
  }
  if (send) demand(more === 1, 'R8: a request that is sent is counted')
  if (!send || !isOpen(before.state)) return
  const { policy } = before
  for (const id of send.call.ids) {
    const was = before.vcpus.find((vcpu) => vcpu.id === id)
    if (send.call.enable || was === undefined || was.attempts === 0 || input.type === 'retry') continue
    demand(
      was.state !== 'refused' || policy.retryRefused,
      `R15: the policy does not ask again for refused vCPU ${id}`,
    )
    demand(
      before.state !== 'deferred' || before.memory.paused === true || policy.ending !== 'keep-waiting',
      'R9: a policy that keeps waiting does not ask again',
    )
  }
  if (after.state === 'pending' && !send.call.enable) {
    const wait = Date.parse(after.deadlineAt ?? '') - input.at
    const side = after.memory.sideRequests ?? 0
    const allowed = [after.attempts, after.attempts - side].map((request) => waitOf(after, request))
    demand(
      allowed.includes(wait),
      `R9: request ${after.attempts} has ${wait} ms, not ${allowed.join(' or ')}`,
    )
  }
  demand(!has(turn, 'write-config'), 'R4: the definition is not written with a request to the running VM')
}

function checkDecisions({ before, input, after, story, seen, send }: Step): void {
  if (!isOpen(before.state)) return
  const was = (id: number) => before.vcpus.find((vcpu) => vcpu.id === id)
  const stuck = after.vcpus.filter((vcpu) => vcpu.state === 'stuck' && was(vcpu.id)?.state !== 'stuck')
  // An addition that is not wanted any more and shows now was asked for to come, not to go.
  const askedToGo = before.vcpus.filter((vcpu) => vcpu.attempts > 0 && vcpu.state !== 'adding')
  const again = (send?.call.enable === false ? send.call.ids : []).filter((id) =>
    askedToGo.some((vcpu) => vcpu.id === id),
  )
  const decided = (after.overdue && !before.overdue) || stuck.length > 0 || again.length > 0
  if (!decided || input.type === 'retry') return
  demand(seen !== undefined, 'R9: only a look at the running machine decides what a deadline asks')
  demand(!story.hostLost, 'R12: nothing is held against the guest while the host is lost')
  demand(
    story.lookSince !== undefined && seen.readAt >= story.lookSince,
    'R9: only a look after the deadline decides',
  )
  const waited = story.lookSince - story.waitSince
  demand(waited >= shortestWait(before), `R9: decided after ${waited} ms, earlier than the policy says`)
  // A refusal that this very look shows is no silence.
  const silent = again.filter(
    (id) => was(id)?.state === 'pending-removal' && !story.reports.has(unitOf(id, before.memory.unitSize)),
  )
  demand(
    (stuck.length === 0 && silent.length === 0) || after.overdue,
    'R9: people are told that it takes long',
  )
}

function checkBegin({ before, input, after, story, turn }: Step): void {
  const due =
    (input.type === 'timer' && Date.parse(before.deadlineAt ?? '') <= input.at && !story.hostLost) ||
    (input.type === 'host-back' && story.hostLost)
  const { draining, submitError } = before.memory
  if (!due || !isOpen(before.state) || !isOpen(after.state) || submitError) return
  if (before.attempts === 0 && draining !== true) {
    demand(after.attempts > 0 || after.memory.draining === true, 'R11: a begin that got lost is made up for')
  }
  if (before.memory.writingConfig) {
    demand(has(turn, 'write-config'), 'R4: a definition whose answer is missing is written again')
  }
}

function checkMachine({ before, after, seen, story }: Step): void {
  const judging = before.state === 'pending' || before.state === 'deferred' || before.state === 'rolling-back'
  if (!judging || before.attempts === 0 || isStoring(before) || story.hostLost) return
  if (seen === undefined || seen.readAt < Date.parse(before.createdAt)) return
  if (!showsRestart(before, seen) || !isOpen(after.state)) return
  demand(
    after.memory.machine?.domainId === seen.machine?.domainId,
    'R13: a restarted VM has nothing pending any more',
  )
}

function checkStoring({ after, story, turn }: Step): void {
  if (!has(turn, 'write-config') || after.kind === 'config') return
  const settled = after.vcpus.every(({ state, addBack }) => {
    if (after.kind === 'plug' || addBack === true)
      return state === 'present' || state === 'guest-offline' || isOut(state)
    return state === 'removed'
  })
  demand(settled, 'R4: the stored definition follows the live change')
  demand(!story.configWritten, 'R4: a definition that was written is not written again')
}

function checkPuttingBack({ before, input, after, send, story }: Step): void {
  if (after.state !== 'rolling-back') return
  const gone = after.vcpus.filter((vcpu) => vcpu.state === 'removed').map((vcpu) => vcpu.id)
  const known = new Set(before.state === 'rolling-back' ? (before.memory.puttingBack ?? []) : [])
  const fresh = gone.filter((id) => !known.has(id))
  const asked = new Set(send?.call.enable === true ? send.call.ids : [])
  // What is seen while the host counts as lost is judged by the look that follows its return.
  if (input.type === 'observed' && !after.memory.hostLost) {
    demand(
      fresh.every((id) => asked.has(id)),
      'R14: everything that was removed is put back',
    )
  }
  const late = new Set(after.memory.puttingBack ?? []).size
  demand(
    story.putBackRequests < PUT_BACK_REQUESTS_MAX + late || send === undefined,
    'R20: putting back is given up in the end',
  )
}
