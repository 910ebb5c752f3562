import { TopologyView } from '@coreshift/shared/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realHost } from '../../../../../e2e/real-host/real-host.ts'
import { codesOf } from '../../operator.ts'
import { areBusy, ownName, realLab, type RealLab } from './real-lab.ts'

// oVirt's test plan for "hot plug cpu" on a real host, cases without migration and hooks. What a guest counts is what
// its own kernel prints on its console.

const host = realHost()
const PLAIN = ownName('plain')
const BUSY = ownName('busy')
const LONE = ownName('lone')
const PINNED = ownName('pinned')
const CORES = ownName('cores')
const THREADS = ownName('threads')

let lab: RealLab

beforeAll(async () => {
  lab = await realLab()
  const x86 = { kind: 'x86', removableBootVcpus: true } as const
  await lab.define({ ...x86, name: PLAIN, vcpus: 2 })
  await lab.define({ ...x86, name: BUSY, vcpus: 2, behaviour: 'burn', maxVcpus: 8 })
  await lab.define({ ...x86, name: LONE, vcpus: 1, behaviour: 'burn', maxVcpus: 8 })
  await lab.define({ ...x86, name: PINNED, vcpus: 4, maxVcpus: 8 })
  await lab.define({ ...x86, name: CORES, vcpus: 4, cores: 2, maxVcpus: 16 })
  await lab.define({ ...x86, name: THREADS, vcpus: 4, cores: 2, threads: 2, maxVcpus: 8 })
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

async function setting(change: object): Promise<void> {
  const token = await lab.tokenFor('admin')
  const body = { ...lab.services.settings.current(), ...change }
  expect((await lab.call('PUT', '/api/v1/settings', { token, body })).status).toBe(200)
}

describe('a VM with 2 CPUs', () => {
  beforeAll(() => lab.boot(PLAIN))

  it('negative: CPUs above the maximum are refused, above what the host has and above what the VM has room for', async () => {
    const { cpus = 0 } = lab.doors.hosts.list()[0] ?? {}
    await setting({ hostCpuLimit: 'enforce' })
    expect(codesOf(await lab.refusal(PLAIN, cpus + 1))).toEqual(['host-maximum'])
    await setting({ hostCpuLimit: 'warn' })
    expect(codesOf(await lab.refusal(PLAIN, 33))).toEqual(['above-maximum'])
    expect((await host.virsh('setvcpus', PLAIN, '33', '--live')).code).not.toBe(0)
    expect(await lab.vcpuCount(PLAIN, 'live')).toBe(2)
  })

  it('negative: an unplug right after a plug fails nicely: who, what and since when', async () => {
    const [plug, unplug] = await Promise.allSettled([lab.resize(PLAIN, 4), lab.resize(PLAIN, 1)])
    if (plug.status !== 'fulfilled' || unplug.status !== 'rejected') throw new Error('both were taken')
    expect(String(unplug.reason)).toContain('resize-in-progress')
    expect(await lab.ended(plug.value.id)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(PLAIN, '0-3')
  })

  it('positive: plug and unplug toggled several times', async () => {
    for (const sockets of [2, 4, 2, 4, 2]) {
      expect(await lab.resized(PLAIN, sockets)).toMatchObject({ state: 'converged' })
      await host.waitForOnline(PLAIN, `0-${sockets - 1}`)
      expect(lab.vm(PLAIN)).toMatchObject({ sockets, hypervisor: sockets })
    }
  })

  it('positive: gives back also a CPU that it was started with, once that is marked removable', async () => {
    expect(await lab.resized(PLAIN, 1)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(PLAIN, '0')
  })

  it('negative: the only CPU cannot be unplugged', async () => {
    expect(codesOf(await lab.refusal(PLAIN, 0))).toContain('below-minimum')
    expect(codesOf(await lab.refusal(PLAIN, { removeVcpus: [0] }))).toContain('vcpu-not-hotpluggable')
    expect((await host.virsh('setvcpus', PLAIN, '0', '--live')).code).not.toBe(0)
    expect(await lab.vcpuCount(PLAIN, 'live')).toBe(1)
  })
})

describe('CPU hot unplug, CPU loaded', () => {
  beforeAll(() => lab.boot(BUSY))

  it('is taken by the busy guest in its own time, and a CPU can be plugged again', async () => {
    await lab.vmWhen(BUSY, (vm) => areBusy(vm, [0, 1]))
    const { id } = await lab.resize(BUSY, 1)
    expect(await lab.ended(id)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(BUSY, '0')
    expect(await lab.resized(BUSY, 2)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(BUSY, '0-1')
    expect(await lab.vcpuCount(BUSY, 'live')).toBe(2)
    await host.stopGuest(BUSY)
  })
})

describe('system: one fully loaded CPU becomes two', () => {
  beforeAll(() => lab.boot(LONE))

  it('and the second takes load', async () => {
    await lab.vmWhen(LONE, (vm) => areBusy(vm, [0]))
    expect(await lab.resized(LONE, 2)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(LONE, '0-1')
    const vm = await lab.vmWhen(LONE, (each) => areBusy(each, [1]))
    expect(vm).toMatchObject({ sockets: 2, hypervisor: 2 })
    await host.stopGuest(LONE)
  })
})

describe('CPU pinning', () => {
  it('the first three of four CPUs are pinned: two off is refused, one off is done', async () => {
    for (const vcpu of ['0', '1', '2']) await host.mustVirsh('vcpupin', PINNED, vcpu, '0', '--config')
    await lab.boot(PINNED)
    const refused = await lab.refusal(PINNED, 2)
    expect(codesOf(refused)).toEqual(['vcpu-pinned'])
    expect(refused.reasons?.[0]?.vcpus).toEqual([2])
    expect(await lab.resized(PINNED, 3)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(PINNED, '0-2')
    await host.stopGuest(PINNED)
  })

  it('#2 and #3 are pinned before they are there: they are plugged with their pinning, and their removal is refused', async () => {
    await host.defineGuest({ name: PINNED, kind: 'x86', vcpus: 2, maxVcpus: 8, removableBootVcpus: true })
    for (const vcpu of ['2', '3']) await host.mustVirsh('vcpupin', PINNED, vcpu, '1', '--config')
    await lab.boot(PINNED)
    expect(await lab.resized(PINNED, 4)).toMatchObject({ state: 'converged' })
    await host.waitForOnline(PINNED, '0-3')
    const { vcpus } = await lab.vmWhen(PINNED, (vm) => vm.vcpus[3]?.pinning !== undefined)
    expect(vcpus.slice(0, 4).map(({ pinning }) => pinning)).toEqual([undefined, undefined, '1', '1'])
    expect(codesOf(await lab.refusal(PINNED, 2))).toEqual(['vcpu-pinned'])
    expect(await lab.vcpuCount(PINNED, 'live')).toBe(4)
  })

  it('the pinning of CPUs that go and come back is kept, where an administrator lets pinned CPUs go', async () => {
    await setting({ pinnedRemovalAllowed: true })
    for (const sockets of [2, 4]) {
      expect(await lab.resized(PINNED, sockets)).toMatchObject({ state: 'converged' })
      await host.waitForOnline(PINNED, `0-${sockets - 1}`)
    }
    await setting({ pinnedRemovalAllowed: false })
    expect(lab.vm(PINNED).vcpus[3]?.pinning).toBe('1')
    expect(await host.mustVirsh('vcpupin', PINNED, '3', '--live')).toMatch(/\b1$/)
    await host.stopGuest(PINNED)
  })
})

describe('CPU topology', () => {
  beforeAll(() => lab.boot(CORES, THREADS))

  it('positive: hot add and remove: 2 CPUs of 2 cores go to 4 and back to 2', async () => {
    for (const sockets of [4, 2]) {
      expect(await lab.resized(CORES, sockets)).toMatchObject({ state: 'converged' })
      await host.waitForOnline(CORES, `0-${sockets * 2 - 1}`)
      expect(lab.vm(CORES)).toMatchObject({ sockets, vcpuCount: sockets * 2 })
      expect(await lab.vcpuCount(CORES, 'live')).toBe(sockets * 2)
    }
  })

  it('positive: without threads the maximum is cores x sockets', async () => {
    expect(lab.vm(CORES)).toMatchObject({ socketsMax: 8, vcpuMax: 16, vcpusPerSocket: 2 })
    expect(codesOf(await lab.refusal(CORES, 9))).toEqual(['above-maximum'])
  })

  it('positive: with threads the maximum is cores x sockets x threads, and is reached', async () => {
    expect(lab.vm(THREADS)).toMatchObject({ sockets: 1, socketsMax: 2, vcpuMax: 8, vcpusPerSocket: 4 })
    expect(codesOf(await lab.refusal(THREADS, 3))).toEqual(['above-maximum'])
    expect(await lab.resized(THREADS, 2)).toMatchObject({ state: 'converged', to: { vcpus: 8 } })
    await host.waitForOnline(THREADS, '0-7')
    const token = await lab.tokenFor('viewer')
    const path = `/api/v1/vms/${lab.vm(THREADS).uuid}/topology`
    const view = TopologyView.parse(await (await lab.call('GET', path, { token })).json())
    expect(view.hypervisor.vcpus.map(({ socket, core, thread }) => [socket, core, thread])).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [0, 1, 1],
      [1, 0, 0],
      [1, 0, 1],
      [1, 1, 0],
      [1, 1, 1],
    ])
  })
})
