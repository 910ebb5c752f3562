import { DEFAULT_POLICIES, type ResizePolicy } from '@coreshift/shared'
import type { Turn } from '../engine-io.ts'
import { openOperation, type OpeningFacts } from '../open-operation.ts'

/** Start of every example, epoch ms: a round instant, so that a failing test can be read. */
export const START = Date.parse('2026-03-01T12:00:00.000Z')

export const ANN = { kind: 'user', name: 'ann' } as const

/** Three quick requests, no back-off: for tests that count. */
export const THREE_REQUESTS: ResizePolicy = {
  deadlineMs: 10_000,
  attempts: 3,
  backoffFactor: 1,
  maxDeadlineMs: 10_000,
  retryRefused: false,
  reconcileMs: 60_000,
  ending: 'reconcile',
}

/** ids `from` to `to`, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** An unplug of vCPU 4-7 of 8 on a pseries guest, two vCPUs per unit, unless told otherwise. */
export function openExample(facts: Partial<OpeningFacts> = {}): Turn {
  return openOperation({
    id: '00000000-0000-4000-8000-000000000001',
    at: START,
    vm: { uuid: '00000000-0000-4000-8000-0000000000aa', name: 'db-01' },
    host: { id: 'host-1', name: 'lab' },
    machine: { host: 'host-1', domainId: 7 },
    requestedBy: ANN,
    kind: 'unplug',
    mode: 'live',
    method: 'count',
    from: { sockets: 4, vcpus: 8 },
    to: { sockets: 2, vcpus: 4 },
    vcpus: range(4, 7),
    unitSize: 2,
    policy: { ...DEFAULT_POLICIES.interactive, preset: 'interactive' },
    acknowledged: [],
    ...facts,
  })
}

/** An addition of vCPU 4-7 to 4. */
export function openPlug(facts: Partial<OpeningFacts> = {}): Turn {
  return openExample({
    kind: 'plug',
    from: { sockets: 2, vcpus: 4 },
    to: { sockets: 4, vcpus: 8 },
    ...facts,
  })
}

/** A change of the stored definition only, to 4 vCPUs. */
export function openConfig(facts: Partial<OpeningFacts> = {}): Turn {
  return openExample({ kind: 'config', mode: 'nextBoot', vcpus: [], configTarget: 4, ...facts })
}
