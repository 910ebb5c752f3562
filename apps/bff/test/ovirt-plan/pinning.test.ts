import { describe, expect, it } from 'vitest'
import { codesOf } from '../operator.ts'
import { oneHost, planLab, planVm } from './plan-lab.ts'

describe('CPU pinning: the first three of four CPUs are pinned', () => {
  const pinned = planVm({ sockets: 4, pins: { 0: '0', 1: '1', 2: '2' } })

  it('two CPUs off is refused: the pinning blocks it', async () => {
    await using lab = await planLab(oneHost(pinned))
    const refused = await lab.refusal('vm', 2)
    expect(codesOf(refused)).toEqual(['vcpu-pinned'])
    expect(refused.reasons?.[0]?.vcpus).toEqual([2])
    expect(lab.vm('vm').sockets).toBe(4)
  })

  it('one CPU off is done', async () => {
    await using lab = await planLab(oneHost(pinned))
    expect(await lab.resized('vm', 3)).toMatchObject({ state: 'converged' })
    expect(lab.vm('vm').sockets).toBe(3)
  })
})

describe('CPU pinning: #2 and #3 are pinned before they are there', () => {
  it('they are plugged with their pinning, and their removal is refused', async () => {
    await using lab = await planLab(oneHost(planVm({ pins: { 2: '2', 3: '3' } })))
    expect(await lab.resized('vm', 4)).toMatchObject({ state: 'converged' })
    expect(
      lab
        .vm('vm')
        .vcpus.map(({ pinning }) => pinning)
        .slice(0, 4),
    ).toEqual([undefined, undefined, '2', '3'])
    expect(codesOf(await lab.refusal('vm', 2))).toEqual(['vcpu-pinned'])
    expect(lab.vm('vm').sockets).toBe(4)
  })

  it('the pinning of CPUs that go and come back is kept, where an administrator lets pinned CPUs go', async () => {
    await using lab = await planLab(oneHost(planVm({ sockets: 4, pins: { 2: '2', 3: '3' } })))
    const token = await lab.tokenFor('admin')
    const body = { ...lab.services.settings.current(), pinnedRemovalAllowed: true }
    await lab.call('PUT', '/api/v1/settings', { token, body })
    for (const sockets of [2, 4]) {
      expect(await lab.resized('vm', sockets)).toMatchObject({ state: 'converged' })
    }
    // The guest brings it online in its own time.
    const vm = await lab.vmWhen('vm', ({ vcpus }) => vcpus[3]?.state === 'present')
    expect(vm.vcpus[3]?.pinning).toBe('3')
  })
})
