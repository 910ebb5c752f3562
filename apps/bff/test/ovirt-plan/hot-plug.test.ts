import { describe, expect, it } from 'vitest'
import { codesOf } from '../operator.ts'
import { oneHost, planLab, planVm } from './plan-lab.ts'

// Test plan of oVirt's "hot plug cpu", cases without pinning and migration.

const FULL = { base: 1, swing: 0, periodMs: 60_000 }

describe('CPU hot unplug, CPU loaded', () => {
  it('waits for the guest without calling it done, then takes the CPU, and plugs one again', async () => {
    await using lab = await planLab(oneHost(planVm({ behaviour: 'never-answers', load: FULL })))
    await lab.vmWhen('vm', ({ loadPercent = 0 }) => loadPercent > 90)
    const { id } = await lab.resize('vm', { sockets: 1, policy: 'background' })
    expect(await lab.taken(id)).toMatchObject({ state: 'pending' })
    expect(lab.vm('vm')).toMatchObject({ sockets: 2, hypervisor: 2, wanted: 1, pendingVcpus: 1 })
    lab.demo.control.answer('lab', 'vm', 1, 'let-go')
    expect(await lab.ended(id)).toMatchObject({ state: 'converged' })
    expect(await lab.resized('vm', 2)).toMatchObject({ state: 'converged' })
    expect(lab.vm('vm')).toMatchObject({ sockets: 2, hypervisor: 2 })
  })
})

describe('negative: add CPUs above the maximum', () => {
  it('is refused while the VM runs, above what the host has and above what the VM has room for', async () => {
    const small = { nodes: 1, socketsPerNode: 1, coresPerSocket: 4, threadsPerCore: 1 }
    await using lab = await planLab([{ name: 'lab', version: '12.8.0', hardware: small, vms: [planVm()] }])
    const admin = await lab.tokenFor('admin')
    const settings = { ...lab.services.settings.current(), hostCpuLimit: 'enforce' }
    expect((await lab.call('PUT', '/api/v1/settings', { token: admin, body: settings })).status).toBe(200)
    expect(codesOf(await lab.refusal('vm', 6))).toEqual(['host-maximum'])
    expect(codesOf(await lab.refusal('vm', 9))).toContain('above-maximum')
    expect(lab.vm('vm').sockets).toBe(2)
    expect(await lab.resized('vm', 4)).toMatchObject({ state: 'converged' })
  })
})

describe('negative: unplug of a single CPU', () => {
  it('is refused, since one CPU is the minimum', async () => {
    await using lab = await planLab(oneHost(planVm({ sockets: 1 })))
    expect(codesOf(await lab.refusal('vm', 0))).toContain('below-minimum')
    expect(codesOf(await lab.refusal('vm', { removeVcpus: [0] }))).not.toEqual([])
    expect(lab.vm('vm').sockets).toBe(1)
  })
})

describe('negative: unplug right after plug', () => {
  it('fails nicely while the plug is being started: who, what and since when', async () => {
    await using lab = await planLab(oneHost(planVm()))
    const { uuid } = lab.vm('vm')
    const actor = { kind: 'user', name: 'ann' } as const
    const request = (sockets: number) =>
      lab.doors.desk.request(uuid, { sockets, mode: 'live', policy: 'interactive' }, actor)
    const plug = request(4)
    await expect(request(2)).rejects.toMatchObject({
      code: 'refused',
      reasons: [{ code: 'resize-in-progress', unlock: ['wait-for-resize'] }],
    })
    expect(await lab.ended((await plug).id)).toMatchObject({ state: 'converged' })
    expect(lab.vm('vm').sockets).toBe(4)
  })

  it('never shows a number that is not there yet, and a second change names the one that is open', async () => {
    await using lab = await planLab(oneHost(planVm({ behaviour: 'never-answers' })))
    expect(await lab.resized('vm', 4)).toMatchObject({ state: 'converged' })
    const unplug = await lab.resize('vm', { sockets: 2, policy: 'background' })
    await lab.taken(unplug.id)
    expect(lab.vm('vm')).toMatchObject({ sockets: 4, wanted: 2, pendingVcpus: 2 })
    const refused = await lab.refusal('vm', 3)
    expect(codesOf(refused)).toEqual(['resize-in-progress'])
    expect(refused.operation).toBe(unplug.id)
    for (const vcpu of [3, 2]) lab.demo.control.answer('lab', 'vm', vcpu, 'let-go')
    expect(await lab.ended(unplug.id)).toMatchObject({ state: 'converged' })
    expect(lab.vm('vm').sockets).toBe(2)
  })
})

describe('positive: plug and unplug toggled several times', () => {
  it('leaves host, server and guest with the number that was asked for, each time', async () => {
    await using lab = await planLab(oneHost(planVm({ agent: 'present' })))
    for (const sockets of [4, 2, 4, 2, 4, 2]) {
      expect(await lab.resized('vm', sockets)).toMatchObject({ state: 'converged' })
      const vm = await lab.vmWhen('vm', ({ guestOnline }) => guestOnline === sockets)
      expect(vm).toMatchObject({ sockets, hypervisor: sockets })
      expect(lab.demo.control.vm('lab', 'vm').inQemu).toHaveLength(sockets)
    }
  })
})

describe('positive: CPU threads', () => {
  it.each([
    { title: 'without threads: cores x sockets', cores: 2, threads: 1, maximum: 8 },
    { title: 'with threads: cores x sockets x threads', cores: 2, threads: 2, maximum: 16 },
  ])('the maximum is, $title', async ({ cores, threads, maximum }) => {
    await using lab = await planLab(oneHost(planVm({ cores, threads, maxSockets: 4 })))
    const vm = lab.vm('vm')
    expect(vm).toMatchObject({ vcpuMax: maximum, socketsMax: 4, vcpusPerSocket: cores * threads })
    expect(await lab.resized('vm', 4)).toMatchObject({ state: 'converged', to: { vcpus: maximum } })
    expect(codesOf(await lab.refusal('vm', 5))).toContain('above-maximum')
    expect(lab.doors.desk.options(vm.uuid).options.at(-1)).toMatchObject({ sockets: 4, vcpus: maximum })
  })
})

describe('positive: hot add and remove', () => {
  it('a VM with 2 CPUs of 2 cores goes to 4 and back to 2, in REST and in the guest', async () => {
    await using lab = await planLab(oneHost(planVm({ cores: 2, maxSockets: 4, agent: 'present' })))
    for (const sockets of [4, 2]) {
      expect(await lab.resized('vm', sockets)).toMatchObject({ state: 'converged' })
      await lab.vmWhen('vm', ({ guestOnline }) => guestOnline === sockets * 2)
      expect(lab.vm('vm')).toMatchObject({ sockets, vcpuCount: sockets * 2 })
    }
  })
})

describe('system: one fully loaded CPU becomes two', () => {
  it('and the second takes load', async () => {
    await using lab = await planLab(oneHost(planVm({ sockets: 1, load: FULL })))
    await lab.vmWhen('vm', ({ vcpus }) => (vcpus[0]?.loadPercent ?? 0) > 90)
    expect(await lab.resized('vm', 2)).toMatchObject({ state: 'converged' })
    const vm = await lab.vmWhen(
      'vm',
      ({ vcpus }) => vcpus[1]?.state === 'present' && (vcpus[1].loadPercent ?? 0) > 50,
    )
    expect(vm).toMatchObject({ sockets: 2, guestOnline: 2 })
  })
})
