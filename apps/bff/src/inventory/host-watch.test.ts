import { describe, expect, it } from 'vitest'
import { changedUnseen, type KnownDomain } from './host-watch.ts'
import type { DomainStatistics } from './read-domain.ts'

const RUNNING = 1
const SHUT_OFF = 5

function known(change: Partial<KnownDomain> = {}): KnownDomain {
  const machine = { persistent: true, vcpuMax: 8 }
  return { machine, enabled: new Set([0, 1]), busy: false, ...change }
}

const OFF: KnownDomain = { enabled: new Set(), busy: false }

function figures(vcpus: readonly number[], change: Partial<DomainStatistics> = {}): DomainStatistics {
  const vcpuTimeNs = new Map(vcpus.map((id) => [id, 1n]))
  return { uuid: 'a', state: RUNNING, vcpuCurrent: vcpus.length, vcpuTimeNs, ...change }
}

describe('figures that tell of a change without an event', () => {
  it.each([
    { title: 'the same vCPUs', before: known(), after: figures([0, 1]), changed: false },
    { title: 'a vCPU more', before: known(), after: figures([0, 1, 2]), changed: true },
    { title: 'another vCPU', before: known(), after: figures([0, 2]), changed: true },
    {
      title: 'another number, no times',
      before: known(),
      after: figures([], { vcpuCurrent: 3 }),
      changed: true,
    },
    {
      title: 'nothing told but the state',
      before: known(),
      after: figures([], { vcpuCurrent: undefined }),
      changed: false,
    },
    {
      title: 'the end of the machine',
      before: known(),
      after: figures([], { state: SHUT_OFF }),
      changed: true,
    },
    {
      title: 'a job that may be over by now',
      before: known({ busy: true }),
      after: figures([0, 1]),
      changed: true,
    },
    {
      title: 'a machine that is still off',
      before: OFF,
      after: figures([], { state: SHUT_OFF }),
      changed: false,
    },
    { title: 'a start', before: OFF, after: figures([0, 1]), changed: true },
  ])('$title', ({ before, after, changed }) => {
    expect(changedUnseen(before, after)).toBe(changed)
  })
})
