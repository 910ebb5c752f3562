import type { Operation } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { operationRecord } from '../../test/examples.ts'
import { toOperation } from '../resize/operation-record.ts'
import { fleetExperience } from './fleet-experience.ts'

const second = (s: number): string =>
  new Date(Date.parse('2026-03-01T10:00:00.000Z') + s * 1000).toISOString()

function ended(changes: Partial<Operation>): Operation {
  return toOperation(operationRecord({ state: 'converged', createdAt: second(0), ...changes }))
}

const step = (what: string, at: number, ...vcpus: number[]) => ({ at: second(at), what, text: what, vcpus })

describe('what the fleet has seen of a row', () => {
  it('is counted over all VMs that the row answers for', () => {
    const seen = fleetExperience(
      [
        ended({ timeline: [step('vcpu-removed', 1, 3), step('vcpu-removed', 2, 2)] }),
        ended({ vm: 'b', timeline: [step('vcpu-removed-late', 60, 5)] }),
        ended({ vm: 'b', kind: 'plug', timeline: [step('vcpu-added', 1, 4), step('vcpu-added', 1, 5)] }),
        ended({ vm: 'c', timeline: [step('vcpu-removed', 9, 1)] }),
      ],
      (vm) => (vm === 'c' ? 'other' : 'debian-13-x86_64'),
    )
    expect(seen.get('debian-13-x86_64')).toEqual({
      plugs: 2,
      unplugs: 3,
      refusals: 0,
      medianMs: 2000,
      worstMs: 60_000,
    })
    expect(seen.get('other')).toMatchObject({ unplugs: 1, medianMs: 9000 })
  })

  it('names the last failure, whatever order the operations come in', () => {
    const failed = (at: number, error: string) =>
      ended({ state: 'failed', finishedAt: second(at), error, timeline: [step('vcpu-refused', at, 3)] })
    for (const operations of [
      [failed(5, 'early'), failed(9, 'late')],
      [failed(9, 'late'), failed(5, 'early')],
    ]) {
      expect(fleetExperience(operations, () => 'row').get('row')).toEqual({
        plugs: 0,
        unplugs: 0,
        refusals: 2,
        lastFailureAt: second(9),
        lastFailure: 'web-1: late',
      })
    }
  })

  it('leaves out what says nothing about a guest: open operations, stored definitions, VMs without a row', () => {
    const timeline = [step('vcpu-removed', 1, 3)]
    const seen = fleetExperience(
      [
        ended({ state: 'pending', timeline }),
        ended({ kind: 'config', timeline }),
        ended({ vm: 'gone', timeline }),
      ],
      (vm) => (vm === 'gone' ? undefined : 'row'),
    )
    expect([...seen]).toEqual([])
  })
})
