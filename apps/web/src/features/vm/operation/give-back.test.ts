import { describe, expect, it } from 'vitest'
import { NOW, ago, operationWith, vmWith } from '../../../../stories/fixtures.ts'
import { giveBackTo } from './give-back.ts'

describe('what is given back to a guest that became busy', () => {
  const vm = { ...vmWith({}), sockets: 2, loadPercent: 97 }
  const ended = operationWith(
    vmWith({}),
    [
      [4, 'removed', 60],
      [5, 'removed', 60],
    ],
    {
      state: 'converged',
      finishedAt: ago(60),
      from: { sockets: 4, vcpus: 8 },
      to: { sockets: 2, vcpus: 4 },
    },
  )

  it.each([
    ['the sockets it had', ended, vm, 4],
    ['nothing while it is not busy', ended, { ...vm, loadPercent: 89 }, undefined],
    ['nothing without a load figure', ended, { sockets: 2 }, undefined],
    ['nothing while the resize is open', { ...ended, state: 'pending' as const }, vm, undefined],
    ['nothing after an addition', { ...ended, kind: 'plug' as const }, vm, undefined],
    ['nothing where nothing was removed', { ...ended, vcpus: [] }, vm, undefined],
    ['nothing an hour later', { ...ended, finishedAt: ago(3_600) }, vm, undefined],
    ['nothing when it has them again', ended, { ...vm, sockets: 4 }, undefined],
    ['nothing for half a socket', { ...ended, from: { sockets: 3.5, vcpus: 7 } }, vm, undefined],
  ])('is %s', (_what, operation, machine, sockets) => {
    expect(giveBackTo(operation, machine, NOW)).toBe(sockets)
  })
})
