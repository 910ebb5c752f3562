import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOpen } from '@coreshift/shared'
import type { Operation, ResizeRequestInput } from '@coreshift/shared/contract'
import { realHost } from '../../../../../e2e/real-host/real-host.ts'
import { areBusy, ownName, realLab, type RealLab } from './real-lab.ts'

// The resize engine on real guests: what they refuse, hold back, and do while they are busy or reboot.

const host = realHost()
const QUICK = ownName('quick')
const BURN = ownName('burn')
const HELD = ownName('held')
const X86_REFUSES = ownName('x86-refuses')
const PPC_REFUSES = ownName('ppc-refuses')

/** Cycles of two sockets: 2 vCPUs at boot and 14 times 2 are the 30 of 32 threads that QEMU's TCG makes in one life. */
const TOGGLES = 14

/** Asks again soon: what got lost in a reboot is asked for once more. */
const PERSISTENT = { deadlineMs: 10_000, attempts: 20, ending: 'reconcile', reconcileMs: 10_000 } as const

/** A guest that boots may also say no: it is asked again. */
const THROUGH_A_REBOOT = { ...PERSISTENT, retryRefused: true }

let lab: RealLab

beforeAll(async () => {
  lab = await realLab({ hosts: [['real', host]] })
  const x86 = { kind: 'x86', vcpus: 2 } as const
  await lab.define({ ...x86, name: QUICK })
  await lab.define({ ...x86, name: BURN, behaviour: 'burn', maxVcpus: 8 })
  await lab.define({ ...x86, name: HELD, completesUnplug: false })
  await lab.define({ ...x86, name: X86_REFUSES, behaviour: 'refuse' })
  await lab.define({ name: PPC_REFUSES, kind: 'ppc', vcpus: 4, behaviour: 'refuse' })
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

const live = (sockets: number) =>
  ({ sockets, mode: 'live', acknowledge: ['unverified-guest-os'] }) satisfies ResizeRequestInput

function states({ vcpus }: Operation): string {
  return vcpus.map(({ id, state }) => `${id}:${state}`).join(' ')
}

async function expectTruth(name: string, vcpus: number): Promise<void> {
  expect(await lab.vcpuCount(name, 'live')).toBe(vcpus)
  expect(lab.vm(name)).toMatchObject({ vcpuCount: vcpus, hypervisor: vcpus, pendingVcpus: 0 })
}

describe('a guest whose first process took the boot CPUs offline', () => {
  it('ppc64le: gives up all but the last unit and refuses that: a partial result', async () => {
    await lab.boot(PPC_REFUSES)
    expect(await lab.resized(PPC_REFUSES, live(4))).toMatchObject({ state: 'converged' })
    // Its first process has taken what it was started with offline: only what was added is left.
    await host.waitForOnline(PPC_REFUSES, '4-7')
    const ended = await lab.resized(PPC_REFUSES, { ...live(2), policy: 'interactive' })
    expect(ended.state).toBe('failed')
    expect(ended.vcpus.filter(({ state }) => state === 'removed')).toHaveLength(2)
    expect(ended.vcpus.filter(({ state }) => state === 'refused')).toHaveLength(2)
    expect(ended.sentence).toMatch(/^2 of 4 removed; the guest refused vCPU 4-5 /)
    expect(await lab.vcpuCount(PPC_REFUSES, 'live')).toBe(6)
    expect(lab.vm(PPC_REFUSES)).toMatchObject({ hypervisor: 6, refusedVcpus: 2 })
    await host.stopGuest(PPC_REFUSES)
  })

  it('x86: says so by ACPI, which libvirt does not pass on as a failed removal', async () => {
    await lab.boot(X86_REFUSES)
    expect(await lab.resized(X86_REFUSES, live(4))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(X86_REFUSES, '2-3')
    const ended = await lab.resized(X86_REFUSES, { ...live(2), policy: 'interactive' })
    expect(ended.state).toBe('failed')
    expect(ended.vcpus.map(({ state }) => state).sort()).toEqual(['refused', 'removed'])
    expect(ended.sentence).toMatch(/^1 of 2 removed; the guest refused vCPU [23] /)
    expect(await lab.vcpuCount(X86_REFUSES, 'live')).toBe(3)
    await host.stopGuest(X86_REFUSES)
  })
})

describe('a completion that QEMU holds back', () => {
  it('is healed by asking again, and its stale event with the next plug is ignored', async () => {
    await lab.boot(HELD)
    expect(await lab.resized(HELD, live(3))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(HELD, '0-2')
    const removed = await lab.resized(HELD, { ...live(2), policy: PERSISTENT })
    expect(removed).toMatchObject({ state: 'converged', overdue: true })
    expect(removed.attempts).toBeGreaterThan(1)
    await host.waitForOnline(HELD, '0-1')
    expect(await lab.resized(HELD, live(3))).toMatchObject({ state: 'converged' })
    const ignored = () => lab.audit.list({ action: 'resize.event-ignored' }, { limit: 1 })
    await expect.poll(async () => (await ignored()).items.length, { timeout: 60_000 }).toBe(1)
    await expectTruth(HELD, 3)
  })

  it('is found out though libvirtd was killed and started again meanwhile', async () => {
    const { id } = await lab.resize(HELD, { ...live(2), policy: PERSISTENT })
    await host.waitForOnline(HELD, '0-1')
    await host.killDaemon()
    await lab.vmWhen(HELD, ({ stale }) => stale)
    expect(isOpen(lab.doors.desk.get(id)?.state ?? 'converged')).toBe(true)
    await host.startDaemon()
    expect(await lab.ended(id)).toMatchObject({ state: 'converged' })
    await expectTruth(HELD, 2)
    const story = await lab.audit.list({ operation: id }, { limit: 100 })
    const count = (action: string) => story.items.filter((entry) => entry.action === action).length
    expect([count('resize.requested'), count('resize.finished')]).toEqual([1, 1])
    await host.stopGuest(HELD)
  })
})

describe('a guest that lets go', () => {
  it(`is toggled ${TOGGLES} times by two sockets without drift`, async () => {
    await lab.boot(QUICK)
    for (let cycle = 1; cycle <= TOGGLES; cycle += 1) {
      expect(await lab.resized(QUICK, live(4))).toMatchObject({ state: 'converged' })
      await expectTruth(QUICK, 4)
      const removed = await lab.resized(QUICK, live(2))
      expect({ cycle, states: states(removed) }).toEqual({ cycle, states: '2:removed 3:removed' })
      await expectTruth(QUICK, 2)
    }
    await host.waitForOnline(QUICK, '0-1')
    const outside = await lab.audit.list({ action: 'vm.changed-outside' }, { limit: 1 })
    expect(outside.items).toEqual([])
  })

  it('an unplug right after a plug, and a plug right after an unplug that is still out', async () => {
    await host.resetGuest(QUICK)
    await lab.vmWhen(QUICK, ({ status, hypervisor }) => status === 'up' && hypervisor === 2)
    const plug = await lab.resized(QUICK, live(4))
    expect(plug.state).toBe('converged')
    const unplug = await lab.resize(QUICK, live(2))
    // The guest has been asked; some or all of it may be gone when this arrives.
    const back = await lab.resize(QUICK, { ...live(4), replaces: unplug.id })
    expect(await lab.ended(back.id)).toMatchObject({ state: 'converged' })
    expect((await lab.doors.desk.find(unplug.id))?.state).toMatch(/^(abandoned|converged)$/)
    await expectTruth(QUICK, 4)
    await host.waitForOnline(QUICK, '0-3')
  })

  it.each(['reset', 'reboot'])('an unplug while the guest is being told to %s', async (verb) => {
    await host.resetGuest(QUICK)
    await lab.vmWhen(QUICK, ({ status, hypervisor }) => status === 'up' && hypervisor === 2)
    expect(await lab.resized(QUICK, live(4))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(QUICK, '0-3')
    const told = host.mustVirsh(verb, QUICK)
    const { id } = await lab.resize(QUICK, { ...live(2), policy: THROUGH_A_REBOOT })
    await told
    const { state, sentence } = await lab.ended(id)
    expect({ state, sentence }).toMatchObject({ state: 'converged' })
    await expectTruth(QUICK, 2)
    await host.waitForOnline(QUICK, '0-1')
  })
})

describe('a guest with all CPUs at 100 %', () => {
  it('takes vCPUs and gives them back', async () => {
    await lab.boot(BURN)
    await lab.vmWhen(BURN, (vm) => areBusy(vm, [0, 1]))
    expect(await lab.resized(BURN, live(4))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(BURN, '0-3')
    await lab.vmWhen(BURN, (vm) => areBusy(vm, [0, 1, 2, 3]))
    expect(await lab.resized(BURN, live(2))).toMatchObject({ state: 'converged' })
    await host.waitForOnline(BURN, '0-1')
    await expectTruth(BURN, 2)
  })
})
