import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import { planFor, vmWith } from '../../../../stories/fixtures.ts'
import {
  changesSomething,
  defaultPolicy,
  draftOf,
  modesFor,
  readDraft,
  requestOf,
  resizeFacts,
  saysNothingNew,
} from './sockets-draft.ts'

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
    expect(draftOf(vm, {}).mode).toBe(modes[0])
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

  it('that replaces the running resize changes something unless it asks for the same', () => {
    const running = { to: { sockets: 2, vcpus: 4 } }
    expect(changesSomething(vm, 4, 'both', running)).toBe(true)
    expect(changesSomething(vm, 2, 'both', running)).toBe(false)
  })

  it('keeps what was changed, except for a mode that makes no sense any more', () => {
    expect(draftOf(vm, { text: '2', mode: 'live' })).toEqual({ text: '2', mode: 'live' })
    expect(draftOf(vmWith({ status: 'down' }), { mode: 'live' })).toEqual({ text: '4', mode: 'nextBoot' })
  })

  it('becomes a request that names policy and replaced resize only when there are some', () => {
    expect(requestOf(draftOf(vm, {}), 2, undefined)).toEqual({ sockets: 2, mode: 'both' })
    expect(requestOf(draftOf(vm, { policy: 'strict' }), 2, { id: 'x' })).toEqual({
      sockets: 2,
      mode: 'both',
      policy: 'strict',
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

describe('the policy that holds while nobody chooses one', () => {
  const settings = {
    unplugEnabled: true,
    unplugDisabledHosts: [],
    unplugDisabledVms: [],
    pinnedRemovalAllowed: false,
    hostCpuLimit: 'enforce' as const,
    policies: DEFAULT_POLICIES,
    defaultPolicy: 'strict' as const,
    hostPolicies: { h1: 'background' as const },
    vmPolicies: { a: 'interactive' as const },
  }

  it.each([
    [
      { uuid: 'a', host: 'h1' },
      { preset: 'interactive', from: 'vm' },
    ],
    [
      { uuid: 'b', host: 'h1' },
      { preset: 'background', from: 'host' },
    ],
    [
      { uuid: 'b', host: 'h2' },
      { preset: 'strict', from: 'global' },
    ],
  ])('of %j is the nearest that says something', (vm, expected) => {
    expect(defaultPolicy(settings, vm)).toEqual(expected)
  })

  it('is the shipped one until the settings are known', () => {
    expect(defaultPolicy(undefined, { uuid: 'a', host: 'h1' }).preset).toBe('interactive')
  })
})

describe('a plan that was made again', () => {
  const plan = planFor(vmWith({}), 2)

  it('says nothing new whatever its revision and the history of the guest', () => {
    const fresh = { ...plan, rev: 99, expected: { medianMs: 1, removals: 1, refusals: 0 } }
    expect(saysNothingNew(plan, fresh)).toBe(true)
  })

  it('says something new when it would do something else', () => {
    expect(saysNothingNew(plan, { ...plan, removeVcpus: [7] })).toBe(false)
  })

  const busy = (vcpus: string) => `The guest keeps ${vcpus} of its 4 vCPUs busy; 2 would be too few for that.`

  it.each([
    ['another figure in a warning that was seen', [busy('3.6')], [busy('3.0')], true],
    ['a warning that is no more', [busy('3.6')], undefined, true],
    ['a warning that was not seen', undefined, [busy('3.6')], false],
    ['another warning', [busy('3.6')], ['The host has 2 CPUs.'], false],
  ])('%s', (_what, before, after, expected) => {
    const warns = (warnings: string[] | undefined) => ({ ...plan, ...(warnings && { warnings }) })
    expect(saysNothingNew(warns(before), warns(after))).toBe(expected)
  })

  it('lets the figure in what was acknowledged move, and asks again about another reason', () => {
    const reason = { code: 'guest-busy' as const, message: busy('3.6'), unlock: [] }
    const seen = { ...plan, reasons: [reason] }
    expect(saysNothingNew(seen, { ...plan, reasons: [{ ...reason, message: busy('3.1') }] })).toBe(true)
    expect(saysNothingNew(seen, { ...plan, reasons: [{ ...reason, code: 'agent-required' }] })).toBe(false)
  })
})
