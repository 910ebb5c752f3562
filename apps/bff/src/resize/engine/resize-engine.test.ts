import type { OperationState } from '@coreshift/shared'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import { describe, expect, it } from 'vitest'
import type { OperationRecord } from '../operation-record.ts'
import type { Effect, Input, InputType } from './engine-io.ts'
import { advance } from './resize-engine.ts'
import { ANN, openExample, range, THREE_REQUESTS } from './testing/open-example.ts'
import { Story } from './testing/story.ts'

/**
 * What one input does to an operation in one state. `same`: the same object, nothing is stored. The state's own
 * name: it stays in the state, and something is stored.
 */
interface Expectation {
  readonly to: OperationState | 'same'
  readonly does?: readonly Effect['type'][]
}

type Row = Readonly<Record<InputType, Expectation>>

const nothing: Expectation = { to: 'same' }
const onlyLook: Expectation = { to: 'same', does: ['observe'] }

/** Nobody asked the guest agent for anything. */
const noAgent = {
  drained: nothing,
  'drain-refused': nothing,
  'online-done': nothing,
  'online-failed': nothing,
}

/** An operation that ended with vCPU 4-5 still out. */
function ended(state: OperationState): Row {
  return {
    begin: nothing,
    accepted: nothing,
    rejected: nothing,
    'answer-lost': nothing,
    'vcpu-removed': onlyLook,
    'removal-failed': nothing,
    observed: { to: state },
    timer: nothing,
    'host-lost': nothing,
    'host-back': nothing,
    'config-written': nothing,
    'config-failed': nothing,
    ...noAgent,
    // What the guest took offline too late it may use again.
    drained: { to: 'same', does: ['online'] },
    retry: nothing,
    abandon: nothing,
    replaced: nothing,
    tell: nothing,
    'taken-over': { to: state },
    resume: nothing,
  }
}

/** Every state meets every input: a forgotten cell does not compile. The examples are below. */
const table: Readonly<Record<OperationState, Row>> = {
  submitting: {
    begin: nothing,
    accepted: { to: 'pending', does: ['observe'] },
    rejected: { to: 'submitting', does: ['observe'] },
    'answer-lost': { to: 'pending', does: ['observe'] },
    'vcpu-removed': { to: 'submitting', does: ['observe'] },
    'removal-failed': { to: 'submitting', does: ['observe'] },
    observed: { to: 'submitting' },
    timer: { to: 'pending', does: ['observe'] },
    'host-lost': { to: 'submitting' },
    'host-back': onlyLook,
    'config-written': nothing,
    'config-failed': nothing,
    ...noAgent,
    retry: nothing,
    abandon: { to: 'abandoned' },
    replaced: { to: 'abandoned' },
    tell: { to: 'submitting' },
    'taken-over': nothing,
    resume: { to: 'pending' },
  },
  pending: {
    begin: nothing,
    accepted: onlyLook,
    rejected: { to: 'pending', does: ['observe'] },
    'answer-lost': onlyLook,
    'vcpu-removed': { to: 'pending', does: ['observe'] },
    'removal-failed': { to: 'pending', does: ['observe'] },
    observed: { to: 'converged' },
    timer: { to: 'pending', does: ['observe'] },
    'host-lost': { to: 'pending' },
    'host-back': onlyLook,
    'config-written': nothing,
    'config-failed': nothing,
    ...noAgent,
    retry: { to: 'pending', does: ['send'] },
    abandon: { to: 'abandoned' },
    replaced: { to: 'abandoned' },
    tell: { to: 'pending' },
    'taken-over': nothing,
    resume: { to: 'pending' },
  },
  deferred: {
    begin: nothing,
    accepted: onlyLook,
    rejected: { to: 'deferred', does: ['observe'] },
    'answer-lost': onlyLook,
    'vcpu-removed': { to: 'deferred', does: ['observe'] },
    'removal-failed': { to: 'deferred', does: ['observe'] },
    observed: { to: 'converged' },
    timer: { to: 'deferred', does: ['observe'] },
    'host-lost': { to: 'deferred' },
    'host-back': onlyLook,
    'config-written': nothing,
    'config-failed': nothing,
    ...noAgent,
    retry: { to: 'pending', does: ['send'] },
    abandon: { to: 'abandoned' },
    replaced: { to: 'abandoned' },
    tell: { to: 'deferred' },
    'taken-over': nothing,
    resume: { to: 'deferred' },
  },
  'rolling-back': {
    begin: nothing,
    accepted: { to: 'rolling-back', does: ['observe'] },
    rejected: { to: 'rolling-back', does: ['observe'] },
    'answer-lost': { to: 'rolling-back', does: ['observe'] },
    'vcpu-removed': { to: 'rolling-back', does: ['observe'] },
    'removal-failed': { to: 'rolling-back', does: ['observe'] },
    // vCPU 4-5 went late: they are added back too.
    observed: { to: 'rolling-back', does: ['send'] },
    timer: { to: 'rolling-back', does: ['observe'] },
    'host-lost': { to: 'rolling-back' },
    'host-back': onlyLook,
    'config-written': nothing,
    'config-failed': nothing,
    ...noAgent,
    retry: nothing,
    abandon: { to: 'abandoned' },
    replaced: { to: 'abandoned' },
    tell: { to: 'rolling-back' },
    'taken-over': nothing,
    resume: { to: 'rolling-back' },
  },
  // Everything is removed: neither an event nor a look is news.
  converged: {
    ...ended('converged'),
    'vcpu-removed': nothing,
    observed: nothing,
    drained: nothing,
    'taken-over': nothing,
  },
  failed: ended('failed'),
  abandoned: ended('abandoned'),
  'rolled-back': ended('rolled-back'),
}

const strict = { ...DEFAULT_POLICIES.strict, preset: 'strict' as const }
const once = { ...THREE_REQUESTS, attempts: 1 }

/** One operation in each state, vCPU 6-7 removed and 4-5 still out where the state allows it. */
const examples: Readonly<Record<OperationState, () => Story>> = {
  submitting: () => new Story(advance, openExample()).begin(),
  pending: () => new Story(advance, openExample()).begin().accepted().after(100).sees(range(0, 5)),
  deferred: () =>
    new Story(advance, openExample({ policy: once }))
      .begin()
      .accepted()
      .after(100)
      .sees(range(0, 5))
      .deadline()
      .sees(range(0, 5)),
  'rolling-back': () =>
    new Story(advance, openExample({ policy: strict }))
      .begin()
      .accepted()
      .after(100)
      .sees(range(0, 5))
      .deadline()
      .sees(range(0, 5)),
  converged: () => new Story(advance, openExample()).begin().accepted().after(100).sees(range(0, 3)),
  failed: () =>
    new Story(advance, openExample({ policy: { ...once, ending: 'fail' } }))
      .begin()
      .accepted()
      .after(100)
      .sees(range(0, 5))
      .deadline()
      .sees(range(0, 5)),
  abandoned: () => examples.pending().feed({ type: 'abandon', by: ANN }),
  'rolled-back': () => examples['rolling-back']().after(100).sees(range(0, 7)),
}

/** One input of each type, such as comes next in the example. */
function inputsFor(record: OperationRecord, now: number): { readonly [T in InputType]: Input } {
  const at = now + 50
  const error = { message: 'no' }
  const attempt = record.attempts
  const late = Math.max(at, Date.parse(record.deadlineAt ?? new Date(at).toISOString()))
  const observation = {
    readAt: at,
    presence: 'running' as const,
    machine: { host: 'host-1', domainId: 7 },
    // A roll-back has its own vCPUs back, or not: what is seen here is that 4-5 went.
    enabled: new Set(range(0, 3)),
  }
  return {
    begin: { type: 'begin', at },
    accepted: { type: 'accepted', at, attempt },
    rejected: { type: 'rejected', at, attempt, error },
    'answer-lost': { type: 'answer-lost', at, attempt, error },
    'vcpu-removed': { type: 'vcpu-removed', at, vcpu: 4 },
    'removal-failed': { type: 'removal-failed', at, unit: 4, alias: 'vcpu4' },
    observed: { type: 'observed', at, observation },
    timer: { type: 'timer', at: late },
    'host-lost': { type: 'host-lost', at, cause: 'connection reset' },
    'host-back': { type: 'host-back', at },
    'config-written': { type: 'config-written', at },
    'config-failed': { type: 'config-failed', at, error },
    retry: { type: 'retry', at, by: ANN },
    abandon: { type: 'abandon', at, by: ANN },
    replaced: { type: 'replaced', at, by: ANN, operation: 'newer', vcpus: [4, 5] },
    tell: { type: 'tell', at, by: ANN, on: true },
    drained: { type: 'drained', at, vcpus: [4, 5] },
    'drain-refused': { type: 'drain-refused', at, reason: 'no' },
    'online-done': { type: 'online-done', at, online: [] },
    'online-failed': { type: 'online-failed', at, reason: 'no', offline: [] },
    'taken-over': { type: 'taken-over', at, by: 'newer', vcpus: [4, 5] },
    resume: { type: 'resume', at },
  }
}

const cells = Object.entries(table).flatMap(([state, row]) =>
  Object.entries(row).map(([input, expectation]) => ({ state, input, expectation })),
) as { state: OperationState; input: InputType; expectation: Expectation }[]

describe('every state meets every input', () => {
  it.each(cells)('$state meets $input', ({ state, input, expectation }) => {
    const story = examples[state]()
    expect(story.record.state).toBe(state)
    const before = story.record
    const { at, ...rest } = inputsFor(before, story.at)[input]
    story.at = at
    story.feed(rest)
    expect({
      to: story.record === before ? 'same' : story.record.state,
      does: story.did,
    }).toEqual({ to: expectation.to, does: expectation.does ?? [] })
  })

  it('covers 8 states and 22 inputs', () => {
    expect(cells).toHaveLength(8 * 22)
  })
})

describe('a turn', () => {
  it('R19 leaves the record it was given as it was', () => {
    const story = examples.pending()
    const frozen = deepFreeze(story.record)
    const turn = advance(frozen, { type: 'abandon', at: story.at, by: ANN })
    expect(turn.record).not.toBe(frozen)
    expect(frozen.state).toBe('pending')
  })

  it('R19 is the same for the same operation and input', () => {
    const story = examples.pending()
    for (const input of Object.values(inputsFor(story.record, story.at))) {
      expect(advance(story.record, input)).toEqual(advance(story.record, input))
    }
  })

  it('R6 takes what it tells from the operation: who, which VM, which host', () => {
    const story = examples.converged()
    expect(story.audit.at(-1)).toMatchObject({
      actor: ANN,
      action: 'resize.finished',
      outcome: 'done',
      vm: story.record.vm,
      vmName: 'db-01',
      host: 'host-1',
      operation: story.record.id,
      durationMs: 100,
      detail: { state: 'converged', removed: '4-7', refused: '', unanswered: '', attempts: 1 },
    })
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
