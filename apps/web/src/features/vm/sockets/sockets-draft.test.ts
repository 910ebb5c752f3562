import { describe, expect, it } from 'vitest'
import { vmWith } from '../../../../stories/fixtures.ts'
import { changesSomething, freshDraft, modesFor, readDraft, requestOf, resizeFacts } from './sockets-draft.ts'

describe('the Sockets field', () => {
  it.each([
    ['4', { kind: 'sockets', sockets: 4 }],
    [' 16 ', { kind: 'sockets', sockets: 16 }],
    ['007', { kind: 'sockets', sockets: 7 }],
    ['0', { kind: 'not-a-number' }],
    ['-2', { kind: 'not-a-number' }],
    ['1.5', { kind: 'not-a-number' }],
    ['1e1', { kind: 'not-a-number' }],
    ['', { kind: 'not-a-number' }],
    ['four', { kind: 'not-a-number' }],
    ['17', { kind: 'too-many' }],
    ['99999999', { kind: 'not-a-number' }],
  ])('reads %j', (text, expected) => {
    expect(readDraft(text, 16)).toEqual(expected)
  })
})

describe('the modes offered', () => {
  it.each([
    ['a running, stored machine', vmWith({}), ['both', 'live', 'nextBoot']],
    ['a running machine that is not stored', vmWith({}, { persistent: false }), ['live']],
    ['a machine that is off', vmWith({ status: 'down' }), ['nextBoot']],
  ])('fit %s', (_, vm, modes) => {
    expect(modesFor(vm)).toEqual(modes)
    expect(freshDraft(vm, 'interactive').mode).toBe(modes[0])
  })
})

describe('a draft', () => {
  const vm = vmWith({ present: 8 }, { nextBootSockets: 6 })

  it.each([
    [4, 'live', false],
    [4, 'nextBoot', true],
    [4, 'both', true],
    [6, 'nextBoot', false],
    [6, 'live', true],
    [6, 'both', true],
  ] as const)('for %i sockets in mode %s changes something: %s', (sockets, mode, expected) => {
    expect(changesSomething(vm, sockets, mode)).toBe(expected)
  })

  it('becomes a request that names the acknowledgement and the replaced resize only when there are some', () => {
    const draft = freshDraft(vm, 'strict')
    expect(requestOf(draft, 2, undefined)).toEqual({ sockets: 2, mode: 'both', policy: 'strict' })
    expect(requestOf({ ...draft, acknowledged: true }, 2, 'x')).toEqual({
      sockets: 2,
      mode: 'both',
      policy: 'strict',
      acknowledge: ['unverified-guest-os'],
      replaces: 'x',
    })
  })
})

describe('the facts that verdicts depend on', () => {
  const vm = vmWith({})

  it('do not move with load and revision', () => {
    const later = {
      ...vm,
      rev: 99,
      loadPercent: 80,
      vcpus: vm.vcpus.map((v) => ({ ...v, loadPercent: 5, hostCpu: 1 })),
    }
    expect(resizeFacts(later)).toBe(resizeFacts(vm))
  })

  it.each([
    ['the status', { status: 'paused' as const }],
    ['the host', { stale: true }],
    ['a resize', { operation: 'x' }],
    ['the guest system', { guestOs: { ...vm.guestOs, unplug: '-' as const } }],
    ['the vCPUs', { vcpus: vm.vcpus.map((v) => ({ ...v, state: 'present' as const })) }],
  ])('move with %s', (_, over) => {
    expect(resizeFacts({ ...vm, ...over })).not.toBe(resizeFacts(vm))
  })
})
