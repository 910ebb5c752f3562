import type { VmFacts } from '@coreshift/shared'
import { ResizePlan, ResizeRequest, type ResizeRequestInput } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { definition, running, stopped } from '../../test/snapshot.ts'
import { vmContext } from '../../test/vm-context.ts'
import type { DomainSnapshot } from '../inventory/domain-snapshot.ts'
import { vmFacts } from '../inventory/vm-facts.ts'
import { planResize, presentPlan } from './plan-resize.ts'

function facts(snapshot: DomainSnapshot): VmFacts {
  return vmFacts(snapshot, vmContext, 5)
}

function plan(snapshot: DomainSnapshot, request: ResizeRequestInput) {
  return planResize(facts(snapshot), ResizeRequest.parse(request))
}

describe('a request by number of sockets', () => {
  it('up: names the lowest empty slots', () => {
    expect(plan(running([0, 1]), { sockets: 4 })).toMatchObject({
      kind: 'plug',
      method: 'count',
      add: [2, 3],
      remove: [],
    })
  })

  it('down: names the highest removable vCPUs', () => {
    expect(plan(running([0, 1, 2, 3]), { sockets: 2 })).toMatchObject({ kind: 'unplug', remove: [2, 3] })
  })

  it('moves whole cores with their threads', () => {
    const live = definition({
      enabled: [0, 1, 2, 3, 4, 5, 6, 7],
      maximum: 16,
      fixed: 4,
      threads: 2,
      arch: 'ppc64le',
    })
    expect(plan(running([], { live }), { sockets: 2 })).toMatchObject({
      from: { sockets: 4, vcpus: 8 },
      to: { sockets: 2, vcpus: 4 },
      remove: [4, 5, 6, 7],
    })
  })

  it('stores nothing in mode live, and the same number in mode both', () => {
    expect(plan(running([0, 1]), { sockets: 4 }).configTarget).toBeUndefined()
    expect(plan(running([0, 1]), { sockets: 4, mode: 'both' }).configTarget).toBe(4)
  })

  it('for the next boot only: nothing moves now', () => {
    expect(plan(running([0, 1, 2, 3]), { sockets: 6, mode: 'nextBoot' })).toMatchObject({
      kind: 'config',
      from: { sockets: 2, vcpus: 2 },
      configTarget: 6,
      add: [],
      remove: [],
    })
  })
})

it('a request by vCPU ids names just these, and asks libvirt by id', () => {
  expect(plan(running([0, 1, 2, 3]), { removeVcpus: [2] })).toMatchObject({
    kind: 'unplug',
    method: 'ids',
    remove: [2],
    to: { vcpus: 3 },
  })
})

it('a request by vCPU ids takes just these out of the stored definition too, live or not', () => {
  const request: ResizeRequestInput = { removeVcpus: [3, 2], mode: 'both' }
  const config = definition({ enabled: [0, 1, 2, 3, 4, 5], maximum: 8, fixed: 1 })
  expect(plan(running([0, 1, 2, 3], { config }), request)).toMatchObject({
    kind: 'unplug',
    remove: [2, 3],
    configTarget: 4,
    configRemove: [2, 3],
  })
  expect(plan(running([0, 1, 2, 3], { config }), { ...request, mode: 'nextBoot' })).toMatchObject({
    kind: 'config',
    from: { vcpus: 6 },
    to: { vcpus: 4 },
    configRemove: [2, 3],
  })
  expect(plan(running([0, 1, 2, 3], { config }), { ...request, mode: 'live' })).not.toHaveProperty(
    'configRemove',
  )
})

it('a VM that is down gets the room with the sockets, a running one does not', () => {
  const config = definition({ enabled: [0, 1], maximum: 4 })
  const request: ResizeRequestInput = { sockets: 6, mode: 'nextBoot' }
  const down = plan({ ...stopped(), config }, request)
  expect(down).toMatchObject({ configTarget: 6, configSocketsMax: 6, verdict: { allowed: true } })
  expect(
    presentPlan(facts({ ...stopped(), config }), ResizeRequest.parse(request), down, undefined).afterRestart,
  ).toEqual(['6 sockets (6 vCPUs)', 'room for 6 sockets instead of 4'])
  expect(plan({ ...stopped(), config }, { ...request, sockets: 4 })).not.toHaveProperty('configSocketsMax')
  const live = plan(running([0, 1], { config }), request)
  expect(live).not.toHaveProperty('configSocketsMax')
  expect(live.verdict.reasons).toMatchObject([{ code: 'above-maximum' }])
})

it('what is added to the stored definition is fixed on a machine without CPU hot-plug', () => {
  const config = { ...definition({ enabled: [0, 1], maximum: 4 }), arch: 'aarch64', machine: 'virt-9.2' }
  expect(plan({ ...stopped(), config }, { sockets: 4, mode: 'nextBoot' }).configRemovable).toBe(false)
  expect(plan(stopped(), { sockets: 2, mode: 'nextBoot' }).configRemovable).toBe(true)
})

it('a plan warns of more vCPUs than the host has CPUs', () => {
  const config = definition({ enabled: [0, 1], maximum: 16 })
  const shown = (sockets: number) => {
    const request = ResizeRequest.parse({ sockets, mode: 'nextBoot' })
    return presentPlan(
      facts({ ...stopped(), config }),
      request,
      planResize(facts({ ...stopped(), config }), request),
      undefined,
    )
  }
  expect(shown(9).warnings).toEqual(['The host has 8 CPUs; more vCPUs than that take turns on them.'])
  expect(shown(8).warnings).toBeUndefined()
})

it('a live request for a VM that is down is refused with the way out', () => {
  const { verdict } = plan(stopped(), { sockets: 3 })
  expect(verdict.allowed).toBe(false)
  expect(verdict.reasons[0]).toMatchObject({
    code: 'vm-status',
    unlock: expect.arrayContaining(['use-next-boot']),
  })
})

it('the dry run says what happens now and what holds after a restart', () => {
  const vm = facts(running([0, 1, 2, 3]))
  const request = ResizeRequest.parse({ sockets: 2 })
  const shown = presentPlan(vm, request, planResize(vm, request), {
    medianMs: 400,
    removals: 23,
    refusals: 1,
  })
  expect(ResizePlan.parse(shown)).toEqual(shown)
  expect(shown).toMatchObject({
    rev: 5,
    now: ['removes vCPU 2-3'],
    afterRestart: ['2 sockets (2 vCPUs)'],
    expected: { removals: 23 },
  })
})
