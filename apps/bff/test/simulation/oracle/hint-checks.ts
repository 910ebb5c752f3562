import { isEnded, isOpen, unitOf } from '@coreshift/shared'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import { has, isOut, isStoring, type Step } from './step-story.ts'

/** What is claimed of an operation and its vCPUs, as one text to compare. */
function claims({ state, overdue, vcpus }: Step['before']): string {
  return JSON.stringify([state, overdue, vcpus.map((vcpu) => vcpu.state)])
}

/** What libvirt, a timer or a host says is a hint to look; only what is seen changes what is claimed. */
export function checkHints(step: Step): void {
  checkLooks(step)
  checkOldNews(step)
  checkRefusals(step)
  checkLateRemovals(step)
}

function checkLooks({ before, input, turn, after, story }: Step): void {
  if (!isOpen(before.state) || !isOpen(after.state)) return
  const look = has(turn, 'observe')
  const storing = isStoring(before)
  const live = !storing && before.attempts > 0
  const outOf = (ids: (id: number) => boolean) =>
    before.vcpus.some((vcpu) => ids(vcpu.id) && isOut(vcpu.state)) && before.kind === 'unplug'
  const must =
    (input.type === 'vcpu-removed' && outOf((id) => id === input.vcpu)) ||
    (input.type === 'removal-failed' && outOf((id) => unitOf(id, before.memory.unitSize) === input.unit)) ||
    ((input.type === 'accepted' || input.type === 'rejected' || input.type === 'answer-lost') &&
      live &&
      input.attempt === before.attempts &&
      before.memory.awaitingAnswer) ||
    (input.type === 'config-written' && before.memory.writingConfig)
  if (must && !look) throw new BrokenPromise(`R1: "${input.type}" leads to a look`)
  if (input.type === 'host-back' && story.hostLost && turn.effects.length === 0) {
    throw new BrokenPromise('R12: the return of the host leads to a look or to a request')
  }
  const hint = input.type === 'vcpu-removed' || input.type === 'removal-failed' || input.type === 'host-lost'
  if (hint && claims(before) !== claims(after)) {
    throw new BrokenPromise(`R1: "${input.type}" alone changes no claim`)
  }
}

function checkOldNews({ before, input, turn, after, story }: Step): void {
  if (!isOpen(before.state)) return
  if (input.type === 'timer' && before.deadlineAt !== undefined && input.at < Date.parse(before.deadlineAt)) {
    if (after !== before || turn.effects.length > 0) {
      throw new BrokenPromise('R9: a timer of a deadline that was moved does nothing')
    }
  }
  const answer = input.type === 'accepted' || input.type === 'rejected' || input.type === 'answer-lost'
  if (answer && input.attempt < before.attempts && isOpen(after.state)) {
    if (after.memory.awaitingAnswer !== before.memory.awaitingAnswer) {
      throw new BrokenPromise('R8: the answer of an older request does not answer the newest')
    }
  }
  if (input.type === 'resume' && isOpen(after.state)) {
    const future = after.vcpus.find((vcpu) => Date.parse(vcpu.since) > input.at)
    if (future || Date.parse(after.createdAt) > input.at) {
      throw new BrokenPromise('R2: after a restart nothing that was written lies in the future')
    }
    if (before.memory.writingConfig && !after.memory.writingConfig) {
      throw new BrokenPromise('R4: a restart does not forget that the definition is being written')
    }
  }
  const { submitError } = before.memory
  const judged =
    input.type === 'observed' &&
    story.rejectedAt !== undefined &&
    input.observation.readAt >= story.rejectedAt
  const stale = input.type === 'observed' && input.observation.readAt < Date.parse(before.createdAt)
  if (judged && !stale && submitError && !story.hostLost && isOpen(after.state) && after.memory.submitError) {
    throw new BrokenPromise('R3: a look after the refusal at the door judges it')
  }
}

function checkRefusals({ before, after, story, seen, input }: Step): void {
  const { unitSize, draining, onlining } = before.memory
  // One look judges all the reports that came before it.
  const newestReport = Math.max(...story.reports.values())
  for (const [index, vcpu] of after.vcpus.entries()) {
    const was = before.vcpus[index]?.state
    const reportedAt = story.reports.get(unitOf(vcpu.id, unitSize))
    if (vcpu.state === 'refused' && was !== 'refused') {
      if (reportedAt === undefined || !seen || seen.readAt < reportedAt) {
        throw new BrokenPromise(`R15: vCPU ${vcpu.id} is refused only by a look after the report on its unit`)
      }
    }
    if (vcpu.state === 'removed' && was === 'refused' && isEnded(before.state)) {
      throw new BrokenPromise(`R6: vCPU ${vcpu.id} was refused: others removed it, it is not late`)
    }
    const heard =
      seen !== undefined &&
      reportedAt !== undefined &&
      seen.readAt >= newestReport &&
      seen.readAt >= Date.parse(before.vcpus[index]?.since ?? before.createdAt)
    const judging = (before.state === 'pending' || before.state === 'deferred') && before.attempts > 0
    const busy = isStoring(before) || draining === true || onlining === true || story.hostLost
    if (heard && judging && !busy && isOut(vcpu.state) && was !== undefined && isOut(was)) {
      const askedAgain = (before.vcpus[index]?.attempts ?? 0) < vcpu.attempts
      if (!askedAgain && isOpen(after.state) && input.type === 'observed') {
        throw new BrokenPromise(`R15: the refusal of vCPU ${vcpu.id} was reported, and a look shows it there`)
      }
    }
  }
}

function checkLateRemovals({ before, after, seen }: Step): void {
  if (!isEnded(before.state) || before.kind !== 'unplug' || !seen) return
  const { machine, takenOver = [] } = before.memory
  const same = machine?.host === seen.machine?.host && machine?.domainId === seen.machine?.domainId
  if (!same || seen.readAt < Date.parse(before.createdAt)) return
  for (const [index, vcpu] of before.vcpus.entries()) {
    const due = isOut(vcpu.state) && !takenOver.includes(vcpu.id) && !seen.enabled.has(vcpu.id)
    if (due && seen.readAt >= Date.parse(vcpu.since) && after.vcpus[index]?.state !== 'removed') {
      throw new BrokenPromise(`R6: vCPU ${vcpu.id} went after the end: that is recorded`)
    }
  }
}
