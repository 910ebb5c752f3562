import { describe, expect, it } from 'vitest'
import { codesOf } from '../operator.ts'
import { planLab, planVm, twoHosts } from './plan-lab.ts'

describe('negative: hot plug during migration', () => {
  it('is refused with the migration as the reason, up and down', async () => {
    const moving = planVm({ dirtyMibPerSecond: 4000, migratingTo: 'host-2' })
    await using lab = await planLab(twoHosts([moving]))
    await lab.vmWhen('vm', ({ status }) => status === 'migrating')
    for (const sockets of [4, 1]) {
      expect(codesOf(await lab.refusal('vm', sockets))).toContain('migration-in-progress')
    }
    expect(lab.vm('vm').sockets).toBe(2)
  })
})

describe('positive: a VM that was hot-plugged is migrated', () => {
  it.each([
    { title: 'after plugging, 2 to 4', before: 2, after: 4 },
    { title: 'after unplugging, 4 to 2', before: 4, after: 2 },
  ])('there and back, $title', async ({ before, after }) => {
    await using lab = await planLab(twoHosts([planVm({ sockets: before, agent: 'present' })]))
    expect(await lab.resized('vm', after)).toMatchObject({ state: 'converged' })
    for (const [from, to] of [
      ['host-1', 'host-2'],
      ['host-2', 'host-1'],
    ] as const) {
      await lab.migrate('vm', from, to)
      const vm = await lab.vmWhen('vm', ({ guestOnline }) => guestOnline === after)
      expect(vm).toMatchObject({ hostName: to, sockets: after, hypervisor: after })
    }
  })
})

describe('positive: two VMs, each on a host of its own', () => {
  it('are plugged and unplugged, cross over at the same time, and keep their CPUs', async () => {
    await using lab = await planLab(
      twoHosts([planVm({ name: 'vm-1', sockets: 2 })], [planVm({ name: 'vm-2', sockets: 4 })]),
    )
    const ends = await Promise.all([lab.resized('vm-1', 4), lab.resized('vm-2', 2)])
    expect(ends.map(({ state }) => state)).toEqual(['converged', 'converged'])
    await Promise.all([lab.migrate('vm-1', 'host-1', 'host-2'), lab.migrate('vm-2', 'host-2', 'host-1')])
    expect(lab.vm('vm-1')).toMatchObject({ hostName: 'host-2', sockets: 4 })
    expect(lab.vm('vm-2')).toMatchObject({ hostName: 'host-1', sockets: 2 })
  })
})
