import { describe, expect, it } from 'vitest'
import { OPERATION_STATES, isEnded } from '@coreshift/shared'
import { ago, operationWith, vmWith } from '../../stories/fixtures.ts'
import { actionsFor, isPartial, keepWaitingRequest, nextStep, operationUnits } from './operation-view.ts'

const vm = vmWith({})

describe('the lines of a resize', () => {
  it('join the vCPUs that move together and put the highest first', () => {
    const operation = operationWith(vm, [
      [4, 'pending-removal', 12],
      [5, 'pending-removal', 12],
      [6, 'removed', 11],
      [7, 'removed', 11],
    ])
    expect(operationUnits(operation, 2).map(({ ids, state }) => [ids, state])).toEqual([
      ['6-7', 'removed'],
      ['4-5', 'pending-removal'],
    ])
    expect(operationUnits(operation, 1)).toHaveLength(4)
  })

  it('show the state that most needs to be seen where a unit is of two minds', () => {
    const operation = operationWith(vm, [
      [4, 'removed', 2],
      [5, 'pending-removal', 12, 3],
    ])
    expect(operationUnits(operation, 2)[0]).toMatchObject({
      state: 'pending-removal',
      settled: false,
      attempts: 3,
    })
  })

  it('tell a finished unit how long it took, and a running one only since when', () => {
    const operation = operationWith(
      vm,
      [
        [6, 'removed', 11.69],
        [7, 'pending-removal', 12],
      ],
      { acceptedAt: ago(12) },
    )
    const [running, finished] = operationUnits(operation, 1)
    expect(finished?.tookMs).toBe(310)
    expect(running?.tookMs).toBeUndefined()
  })

  it('carry the cause of the guest', () => {
    const operation = operationWith(vm, [[5, 'refused', 1, 1, 'its last online CPU']])
    expect(operationUnits(operation, 1)[0]?.error).toBe('its last online CPU')
  })
})

describe('an end in part', () => {
  const of = (kind: 'plug' | 'unplug', ...states: ('removed' | 'refused' | 'present' | 'adding')[]) =>
    operationWith(
      vm,
      states.map((state, index) => [4 + index, state, 1] as const),
      { kind, state: 'failed' },
    )

  it.each([
    ['one of two removed', of('unplug', 'removed', 'refused'), true],
    ['none removed', of('unplug', 'refused', 'present'), false],
    ['one of two added', of('plug', 'present', 'adding'), true],
    ['none added', of('plug', 'adding'), false],
    ['all removed', { ...of('unplug', 'removed'), state: 'converged' as const }, false],
  ])('%s', (_what, operation, expected) => {
    expect(isPartial(operation)).toBe(expected)
  })
})

describe('the next step', () => {
  const base = operationWith(vm, [[4, 'pending-removal', 12]])
  const at = base.deadlineAt

  it.each([
    ['while the request is sent', { state: 'submitting' as const }, { kind: 'sending' }],
    ['with requests left', {}, { kind: 'ask-again', at }],
    ['after the last request, watching on', { attempts: 2 }, { kind: 'look-again', at }],
    [
      'after the last request, all or nothing',
      { attempts: 2, policy: { ...base.policy, ending: 'put-back' as const } },
      { kind: 'put-back', at },
    ],
    [
      'after the last request, giving up',
      { attempts: 2, policy: { ...base.policy, ending: 'fail' as const } },
      { kind: 'give-up', at },
    ],
    ['handed to the reconciler', { state: 'deferred' as const }, { kind: 'ask-again', at }],
    [
      'handed to the reconciler, with nothing left to ask for',
      { state: 'deferred' as const, vcpus: [] },
      { kind: 'look-again', at },
    ],
    [
      'watched without asking',
      { state: 'deferred' as const, policy: { ...base.policy, ending: 'keep-waiting' as const } },
      { kind: 'look-again', at },
    ],
    ['while putting back', { state: 'rolling-back' as const }, { kind: 'putting-back' }],
    ['when it is over', { state: 'converged' as const }, undefined],
  ])('is known %s', (_, over, expected) => {
    expect(nextStep({ ...base, ...over })).toEqual(expected)
  })
})

describe('the buttons', () => {
  const unplug = operationWith(vm, [[4, 'pending-removal', 12]])

  it.each(OPERATION_STATES)('of a resize that is %s make sense in that state', (state) => {
    const { tellMe, ...actions } = actionsFor({ ...unplug, state })
    expect(Object.values(actions).some(Boolean)).toBe(state === 'pending' || state === 'deferred')
    expect(tellMe).toBe(!isEnded(state))
  })

  it('offer to keep waiting only where the policy would come to an end', () => {
    expect(actionsFor(unplug).keepWaiting).toBe(false)
    const strict = { ...unplug, policy: { ...unplug.policy, ending: 'put-back' as const } }
    expect(actionsFor(strict).keepWaiting).toBe(true)
  })

  it('do not ask a guest again for what is being added', () => {
    expect(actionsFor({ ...unplug, kind: 'plug' }).askAgain).toBe(false)
  })

  it('put back to a whole number of sockets only', () => {
    expect(actionsFor(unplug).putBackTo).toBe(4)
    expect(actionsFor({ ...unplug, from: { sockets: 3.5, vcpus: 7 } }).putBackTo).toBeUndefined()
  })

  it('keep waiting by the same request without an end', () => {
    expect(keepWaitingRequest({ ...unplug, acknowledged: ['guest-busy', 'of another time'] })).toEqual({
      sockets: 2,
      mode: 'both',
      policy: 'background',
      replaces: unplug.id,
      acknowledge: ['guest-busy'],
    })
  })
})
