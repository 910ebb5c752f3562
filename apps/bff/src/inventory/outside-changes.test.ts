import { describe, expect, it } from 'vitest'
import { operation } from '../../test/operation.ts'
import { definition, running, stopped } from '../../test/snapshot.ts'
import { describeOutsideChange, findOutsideChange } from './outside-changes.ts'

describe('a change that nobody here asked for', () => {
  it('is found when vCPUs were added', () => {
    const change = findOutsideChange(running([0, 1]), running([0, 1, 2, 3]), [])
    expect(change).toMatchObject({ added: [2, 3], removed: [], fromVcpus: 2, toVcpus: 4 })
    expect(change && describeOutsideChange(change)).toBe(
      'Changed outside Coreshift from 2 to 4 vCPUs (vCPU 2-3 added).',
    )
  })

  it('is found when vCPUs were removed', () => {
    expect(findOutsideChange(running([0, 1, 2]), running([0, 1]), [])).toMatchObject({ removed: [2] })
  })

  it('is found beside an operation of ours that is about other vCPUs', () => {
    const ours = operation('pending', 'unplug', { 3: 'pending-removal' })
    expect(findOutsideChange(running([0, 1, 2, 3]), running([0, 1, 3]), ours ? [ours] : [])).toMatchObject({
      removed: [2],
    })
  })

  it('is found in the stored definition', () => {
    const after = running([0, 1], { config: definition({ enabled: [0, 1, 2, 3] }) })
    const change = findOutsideChange(running([0, 1]), after, [])
    expect(change && describeOutsideChange(change)).toBe(
      'Stored definition changed outside Coreshift from 2 to 4 vCPUs.',
    )
  })
})

describe('no outside change is', () => {
  it.each([
    ['nothing new', running([0, 1]), running([0, 1]), undefined],
    ['our own plug', running([0, 1]), running([0, 1, 2]), operation('pending', 'plug', { 2: 'adding' })],
    [
      'our own removal',
      running([0, 1, 2]),
      running([0, 1]),
      operation('pending', 'unplug', { 2: 'pending-removal' }),
    ],
    [
      'our own late removal',
      running([0, 1, 2]),
      running([0, 1]),
      operation('failed', 'unplug', { 2: 'stuck' }),
    ],
    [
      'our roll-back',
      running([0, 1]),
      running([0, 1, 2]),
      operation('rolling-back', 'unplug', { 2: 'removed' }),
    ],
    ['a restart of the VM', running([0, 1]), running([0, 1, 2], { domainId: 8 }), undefined],
    ['a stop of the VM', running([0, 1, 2]), stopped(), undefined],
    [
      'what we stored for the next boot',
      running([0, 1]),
      running([0, 1], { config: definition({ enabled: [0, 1, 2] }) }),
      operation('converged', 'config', {}, { mode: 'nextBoot', to: { sockets: 3, vcpus: 3 } }),
    ],
  ])('%s', (_what, before, after, ours) => {
    expect(findOutsideChange(before, after, ours ? [ours] : [])).toBeUndefined()
  })

  it('but a vCPU that comes back after our removal had ended is one', () => {
    const ended = operation('converged', 'unplug', { 2: 'removed' })
    expect(findOutsideChange(running([0, 1]), running([0, 1, 2]), [ended])).toMatchObject({ added: [2] })
  })
})
