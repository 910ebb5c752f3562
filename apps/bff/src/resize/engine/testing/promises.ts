import { isOpen, unitOf } from '@coreshift/shared'
import type { Effect, Input, Observation, Turn } from '../engine-io.ts'
import type { OperationRecord } from '../../operation-record.ts'
import { isInPlace, isWanted } from '../vcpu-wish.ts'

/** The engine, or a wrong variant of it. */
export type Advance = (record: OperationRecord, input: Input) => Turn

export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}

/** What has happened to one operation so far, for the promises that span more than one step. */
export interface Ledger {
  openings: number
  closings: number
  readonly lateRemovals: Set<number>
}

export function newLedger(opening: Turn): Ledger {
  const ledger: Ledger = { openings: 0, closings: 0, lateRemovals: new Set() }
  count(ledger, opening)
  require(ledger.openings === 1 && ledger.closings === 0, 'R6', 'one opening entry and no other')
  checkRecord(opening.record)
  return ledger
}

function require(holds: boolean, rule: string, promise: string): asserts holds {
  if (!holds) throw new BrokenPromise(`${rule}: ${promise}`)
}

function count(ledger: Ledger, turn: Turn): void {
  for (const entry of turn.audit) {
    if (entry.action === 'resize.requested') ledger.openings += 1
    if (entry.action === 'resize.finished') ledger.closings += 1
    require(!/undefined|NaN|\[object|vCPU {2}|vCPU \./.test(
      entry.message,
    ), 'R17', `readable: ${entry.message}`)
  }
}

/** Checks every promise that one step can break. Throws `BrokenPromise`. */
export function checkStep(ledger: Ledger, before: OperationRecord, input: Input, turn: Turn): void {
  const after = turn.record
  checkIdentity(before, turn)
  checkEnd(before, turn)
  checkVcpus(before, input, after)
  checkConverged(before, input, after)
  for (const effect of turn.effects) checkEffect(after, effect, input)
  require(turn.effects.filter((effect) => effect.type === 'send').length <= 1, 'R8', 'one request at a time')
  checkRecord(after)
  if (input.type === 'timer' && isOpen(after.state) && Date.parse(before.deadlineAt ?? '') <= input.at) {
    require(Date.parse(after.deadlineAt ?? '') >
      input.at, 'R11', 'a deadline that passed is followed by another')
  }
  if (input.type === 'resume' && isOpen(after.state)) {
    require(after.memory.hostLost, 'R10', 'after a restart the host counts as lost until it is back')
    require(Date.parse(after.deadlineAt ?? '') > input.at, 'R10', 'after a restart the alarm is set anew')
  }
  count(ledger, turn)
  require(ledger.openings === 1, 'R6', 'exactly one opening entry')
  require(ledger.closings === (isOpen(after.state) ? 0 : 1), 'R6', 'exactly one closing entry, with the end')
  checkLate(ledger, before, after, turn)
}

function checkIdentity(before: OperationRecord, turn: Turn): void {
  if (turn.record === before) {
    require(turn.audit.length === 0, 'R19', 'what is told is also stored')
    return
  }
  require(turn.record.seq === before.seq + 1, 'R19', 'each change has the next sequence number')
  const same = isSame(before, turn.record)
  require(!same, 'R19', 'an unchanged operation is the same object')
}

/** Deep, but quick where the difference is plain: this runs after every step of every schedule. */
function isSame(before: OperationRecord, after: OperationRecord): boolean {
  if (before.state !== after.state || before.deadlineAt !== after.deadlineAt) return false
  if (
    before.timeline.length !== after.timeline.length ||
    before.timeline.at(-1)?.at !== after.timeline.at(-1)?.at
  ) {
    return false
  }
  const { timeline: _before, ...restBefore } = before
  const { timeline: _after, ...restAfter } = after
  return JSON.stringify({ ...restBefore, seq: 0 }) === JSON.stringify({ ...restAfter, seq: 0 })
}

function checkEnd(before: OperationRecord, turn: Turn): void {
  if (isOpen(before.state)) {
    // What goes after the end, be it in the same millisecond, is a late completion (R6).
    const missing = turn.record.vcpus.some((vcpu) => vcpu.state === 'removed')
    require(turn.record.state !== 'rolled-back' || !missing, 'R14', 'put back means all put back')
    return
  }
  require(turn.record.state ===
    before.state, 'R5', `ended stays ended (${before.state} to ${turn.record.state})`)
  require(turn.effects.every(
    (effect) => effect.type === 'observe' || effect.type === 'online',
  ), 'R5', 'an ended operation asks libvirt for nothing but a look')
}

function running(input: Input): Observation | undefined {
  return input.type === 'observed' && input.observation.presence === 'running' ? input.observation : undefined
}

function checkVcpus(before: OperationRecord, input: Input, after: OperationRecord): void {
  const seen = running(input)
  after.vcpus.forEach((vcpu, index) => {
    const was = before.vcpus[index]
    require(was?.id === vcpu.id, 'R5', 'an operation keeps its vCPUs')
    if (was.state === vcpu.state) return
    switch (vcpu.state) {
      case 'removed':
        require(seen !== undefined &&
          !seen.enabled.has(vcpu.id), 'R1', `removed only when seen gone (${vcpu.id})`)
        require(seen.readAt >= Date.parse(was.since), 'R2', `removed only by a read of its time (${vcpu.id})`)
        require(input.at === Date.parse(vcpu.since), 'R1', 'the time of the removal is when it was seen')
        return
      case 'present':
        require(seen !== undefined && seen.enabled.has(vcpu.id), 'R1', `present only when seen (${vcpu.id})`)
        require(seen.readAt >= Date.parse(was.since), 'R2', `present only by a read of its time (${vcpu.id})`)
        return
      case 'refused': {
        const reported = before.memory.reportedFailed.includes(unitOf(vcpu.id, before.memory.unitSize))
        require(reported &&
          seen !== undefined &&
          seen.enabled.has(vcpu.id), 'R15', 'refused: reported and still there')
        require(seen.readAt >=
          (before.memory.failedSince ?? 0), 'R15', 'refused only by a read after the report')
        return
      }
      case 'stuck':
        require(after.attempts >= after.policy.attempts, 'R9', 'stuck only when all requests are used up')
        return
      case 'absent':
      case 'adding':
      case 'pending-removal':
      case 'guest-offline':
        return
    }
  })
}

function checkConverged(before: OperationRecord, input: Input, after: OperationRecord): void {
  const seen = running(input)
  const done = (record: OperationRecord) => record.vcpus.every((vcpu) => isInPlace(record, vcpu))
  if (after.memory.writingConfig && !before.memory.writingConfig) {
    require(done(after), 'R4', 'the stored definition follows the live change')
    // A machine that stops when all was seen already takes nothing back.
    if (after.vcpus.length > 0)
      require(seen !== undefined || done(before), 'R4', 'only what was seen lets the definition follow')
  }
  if (after.state !== 'converged' || before.state === 'converged') return
  require(done(after), 'R1', 'converged only with every vCPU where it should be')
  if (after.memory.configTarget !== undefined || after.kind === 'config') {
    const stored = input.type === 'observed' ? input.observation.configCount : undefined
    require(stored ===
      (after.memory.configTarget ?? after.to.vcpus), 'R4', 'converged only with the definition seen')
    return
  }
  if (after.vcpus.length === 0) return
  require(seen !== undefined, 'R3', 'only a look ends an operation well')
  for (const vcpu of after.vcpus) {
    require(seen.enabled.has(vcpu.id) ===
      isWanted(after, vcpu), 'R1', `converged, but vCPU ${vcpu.id} is not where it should be`)
  }
}

function checkEffect(after: OperationRecord, effect: Effect, input: Input): void {
  if (effect.type !== 'send') return
  const { call, attempt } = effect
  require(isOpen(after.state), 'R5', 'an ended operation sends nothing')
  require(attempt === after.attempts, 'R8', 'a request carries its number')
  require(!after.memory.hostLost, 'R12', 'nothing is sent to a host that is lost')
  require(call.ids.length > 0, 'R16', 'no request without vCPUs')
  const vcpus = new Map(after.vcpus.map((vcpu) => [vcpu.id, vcpu]))
  for (const id of call.ids) {
    const vcpu = vcpus.get(id)
    require(vcpu !== undefined, 'R8', `a request names only the operation's vCPUs (${id})`)
    const { state } = vcpu
    const missing = call.enable
      ? (isWanted(after, vcpu) && state === 'adding') ||
        (after.state === 'rolling-back' && state === 'removed')
      : !isWanted(after, vcpu) && (state === 'pending-removal' || state === 'stuck')
    require(missing, 'R8', `a request names only what is still to be moved (${id} is ${state})`)
  }
  if (attempt > 1) require(call.kind === 'set-vcpus', 'R8', 'asked again by id')
  if (attempt > 1 && input.type !== 'retry') {
    require(input.type === 'observed', 'R9', 'asked again only after a look')
  }
}

function checkRecord(record: OperationRecord): void {
  const open = isOpen(record.state)
  require(open === (record.deadlineAt !== undefined), 'R11', 'exactly the open operations have a deadline')
  require(open === (record.finishedAt === undefined), 'R5', 'exactly the ended operations have an end')
  if (open) require(!Number.isNaN(Date.parse(record.deadlineAt ?? '')), 'R11', 'a deadline is an instant')
  require(record.memory.paused !== true ||
    record.state === 'deferred', 'R12', 'paused is visible as deferred')
  require(!/undefined|NaN|\[object|vCPU {2}|vCPU was|vCPU \./.test(
    record.sentence,
  ), 'R17', `readable: ${record.sentence}`)
  require(/[.]$/.test(record.sentence), 'R17', `a sentence ends: ${record.sentence}`)
  require(record.timeline.length <= 500, 'R20', 'the flight recorder is bounded')
}

function checkLate(ledger: Ledger, before: OperationRecord, after: OperationRecord, turn: Turn): void {
  if (isOpen(before.state)) return
  const late = after.vcpus.filter((vcpu, index) => vcpu.state !== before.vcpus[index]?.state)
  const told = turn.audit.filter((entry) => entry.action === 'resize.vcpu-removed-late')
  require(told.length === late.length &&
    turn.audit.length === told.length, 'R6', 'each late removal is an entry of its own')
  for (const vcpu of late) {
    require(!ledger.lateRemovals.has(vcpu.id), 'R6', 'a vCPU is removed late once')
    ledger.lateRemovals.add(vcpu.id)
  }
}
