import { describe, expect, it } from 'vitest'
import { ago, operationWith, vmWith } from '../../../stories/fixtures.ts'
import { oldestFirst, outstandingVcpus, summarize, withDistances } from './board-view.ts'

const vm = vmWith({})
const waiting = operationWith(vm, [
  [4, 'pending-removal', 12],
  [5, 'stuck', 12],
  [6, 'refused', 12],
  [7, 'removed', 11],
])

describe('the board of resizes', () => {
  it('waits for vCPUs that have not settled', () => {
    expect(outstandingVcpus(waiting)).toEqual([4, 5])
  })

  it('counts what is promised by removals, not what is to come', () => {
    const growing = operationWith(vm, [[8, 'adding', 1]], { kind: 'plug' })
    expect(summarize([waiting, growing, { ...waiting, overdue: true }])).toEqual({
      open: 3,
      overdue: 1,
      promised: 4,
    })
  })

  it('has the oldest first', () => {
    const old = { ...waiting, id: 'old', createdAt: ago(900) }
    expect(oldestFirst([waiting, old]).map(({ id }) => id)).toEqual(['old', waiting.id])
  })
})

describe('the timeline', () => {
  it('says how long after the step before each one came', () => {
    expect(withDistances(waiting.timeline).map(({ sinceMs }) => sinceMs)).toEqual([undefined, 400])
  })
})
