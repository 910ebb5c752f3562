import { VcpuFlags } from '@coreshift/libvirt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VirtualLab } from '../../test/support/virtual-lab.ts'
import { rebootDomain, suspendDomain, resumeDomain } from '../hypervisor/power.ts'
import { setVcpuCount } from '../hypervisor/set-vcpus.ts'
import { type GuestBehaviour, loadAt } from './guest-profile.ts'

const { LIVE, ASYNC_UNPLUG } = VcpuFlags

let lab: VirtualLab

beforeEach(async () => {
  lab = await VirtualLab.start()
})
afterEach(() => lab.stop())

const behave = (behaviour: GuestBehaviour) => {
  lab.domain().guest.behaviour = behaviour
}
const ask = (vcpus: number) =>
  lab.until(
    setVcpuCount(lab.lab.host, lab.domain(), vcpus, LIVE | (vcpus < counted().length ? ASYNC_UNPLUG : 0)),
  )
const counted = () => lab.demo.control.vm('lab', 'vm').counted
const guestOnline = () => lab.demo.control.vm('lab', 'vm').guestOnline

describe('a guest that is asked to let vCPU 3 go', () => {
  it('prompt: lets go within half a second, and one event says so', async () => {
    await ask(3)
    expect(counted()).toEqual([0, 1, 2, 3])
    await lab.clock.advance(500)
    expect(counted()).toEqual([0, 1, 2])
    expect(lab.events).toEqual(['vcpu-removed vm vcpuId=3'])
  })

  it('slow: takes seconds, differently each time', async () => {
    behave('slow')
    const times: number[] = []
    for (let round = 0; round < 4; round++) {
      const before = lab.clock.now()
      await ask(3)
      await lab.clock.advanceUntil(() => counted().length === 3)
      times.push(lab.clock.now() - before)
      await ask(4)
    }
    expect(Math.min(...times)).toBeGreaterThan(500)
    expect(new Set(times).size).toBe(4)
  })

  it('loaded: needs longer the more it has to do', async () => {
    behave('loaded')
    const timeAt = async (load: number): Promise<number> => {
      lab.demo.control.setGuest('lab', 'vm', { load: { base: load, swing: 0, periodMs: 1000 } })
      const before = lab.clock.now()
      await ask(3)
      await lab.clock.advanceUntil(() => counted().length === 3)
      await ask(4)
      return lab.clock.now() - before
    }
    const idle = await timeAt(0.05)
    const busy = await timeAt(0.95)
    expect(idle).toBeLessThan(1000)
    expect(busy).toBeGreaterThan(10_000)
  })

  it('refuses: nothing changes, and on x86 libvirt says nothing', async () => {
    behave('refuses')
    await ask(3)
    await lab.clock.advance(1000)
    expect(counted()).toEqual([0, 1, 2, 3])
    expect(lab.events).toEqual(['device-removal-failed vm deviceAlias=vcpu3 told=false'])
  })

  it('never answers: silence, however long one waits and however often one asks', async () => {
    behave('never-answers')
    await ask(3)
    await lab.clock.advance(600_000)
    await ask(3)
    await lab.clock.advance(600_000)
    expect(counted()).toEqual([0, 1, 2, 3])
    expect(lab.events).toEqual([])
  })

  it('never answers, but a later behaviour holds for the next request', async () => {
    behave('never-answers')
    await ask(3)
    await lab.clock.advance(60_000)
    behave('prompt')
    await ask(3)
    await lab.clock.advance(500)
    expect(counted()).toEqual([0, 1, 2])
  })

  it('completes late: long after everybody stopped waiting', async () => {
    behave('completes-late')
    await ask(3)
    await lab.clock.advance(60_000)
    expect(counted()).toEqual([0, 1, 2, 3])
    await lab.clock.advance(30_000)
    expect(counted()).toEqual([0, 1, 2])
  })

  it('crashes: the machine is off, with the reason crashed', async () => {
    behave('crashes')
    await ask(3)
    await lab.clock.advance(1000)
    expect(lab.domain().machine).toBeNull()
    expect(lab.domain().shutoffReason).toBe(3)
    expect(lab.events).toEqual(['lifecycle vm event=8 detail=0', 'lifecycle vm event=5 detail=2'])
  })

  it('reboots: the reset takes the vCPU away', async () => {
    behave('reboots')
    await ask(3)
    await lab.clock.advance(1000)
    expect(counted()).toEqual([0, 1, 2])
    expect(lab.events.filter((line) => line === 'reboot vm')).toHaveLength(2)
    expect(lab.events).toContain('vcpu-removed vm vcpuId=3')
  })

  it('lets nothing go while it is paused, and goes on when it runs again', async () => {
    await lab.until(suspendDomain(lab.lab.host, lab.domain()))
    await ask(3)
    await lab.clock.advance(5000)
    expect(counted()).toEqual([0, 1, 2, 3])
    await lab.until(resumeDomain(lab.lab.host, lab.domain()))
    await lab.clock.advance(1000)
    expect(counted()).toEqual([0, 1, 2])
  })
})

describe('a guest whose completion is held back (software emulation on x86)', () => {
  beforeEach(() => behave('drops-completion'))

  it('has let go, while libvirt goes on counting', async () => {
    await ask(3)
    await lab.clock.advance(60_000)
    expect(counted()).toEqual([0, 1, 2, 3])
    expect(guestOnline()).toEqual([0, 1, 2])
    expect(lab.events).toEqual([])
  })

  it('is healed by asking again: QEMU does not know the device, libvirt drops the vCPU and says so', async () => {
    await ask(3)
    await lab.clock.advance(1000)
    await ask(3)
    expect(counted()).toEqual([0, 1, 2])
    expect(lab.events).toEqual(['vcpu-removed vm vcpuId=3'])
  })

  it('sends the held-back event, stale, with the next plug into that slot, once', async () => {
    await ask(3)
    await lab.clock.advance(1000)
    await ask(3)
    await ask(4)
    await lab.clock.advance(1000)
    expect(counted()).toEqual([0, 1, 2, 3])
    expect(lab.events).toEqual(['vcpu-removed vm vcpuId=3', 'vcpu-removed vm vcpuId=3'])
    behave('prompt')
    await ask(3)
    await lab.clock.advance(1000)
    await ask(4)
    await lab.clock.advance(1000)
    expect(lab.events).toHaveLength(3)
  })

  it('is counted right after a restart of the daemon, without an event', async () => {
    await ask(3)
    await lab.clock.advance(1000)
    await lab.demo.control.stopDaemon('lab')
    await lab.demo.control.startDaemon('lab')
    expect(counted()).toEqual([0, 1, 2])
    expect(lab.events).toEqual([])
  })

  it('is counted wrong for good by libvirt 9.0', async () => {
    await lab.stop()
    lab = await VirtualLab.start({ version: '9.0.0' })
    behave('drops-completion')
    const remove = () => setVcpuCount(lab.lab.host, lab.domain(), 3, LIVE)
    expect((await lab.fault(remove)).code).toBe(68)
    expect((await lab.fault(remove)).code).toBe(1)
    expect(counted()).toEqual([0, 1, 2, 3])
  })
})

describe('a guest that gets a vCPU', () => {
  it('brings it online by itself', async () => {
    await ask(5)
    expect(guestOnline()).toEqual([0, 1, 2, 3])
    await lab.clock.advance(500)
    expect(guestOnline()).toEqual([0, 1, 2, 3, 4])
  })

  it('may leave it offline: libvirt counts one more than the guest uses', async () => {
    behave('leaves-added-offline')
    await ask(5)
    await lab.clock.advance(60_000)
    expect({ counted: counted().length, online: guestOnline().length }).toEqual({ counted: 5, online: 4 })
  })

  it('uses all it has after a restart', async () => {
    behave('leaves-added-offline')
    await ask(5)
    await lab.until(rebootDomain(lab.lab.host, lab.domain()))
    await lab.clock.advance(10_000)
    expect(guestOnline()).toEqual([0, 1, 2, 3, 4])
  })

  it('keeps its last CPU: a removal that would take it is refused', async () => {
    const machine = lab.machine()
    machine.guestOnline.fill(0)
    machine.guestOnline[3] = 1
    await ask(3)
    await lab.clock.advance(1000)
    expect(lab.events).toEqual(['device-removal-failed vm deviceAlias=vcpu3 told=false'])
  })
})

describe('load', () => {
  it('stays between 0 and 1 and moves', () => {
    const profile = { base: 0.5, swing: 0.9, periodMs: 10_000 }
    const values = Array.from({ length: 200 }, (_, i) => loadAt(profile, 17, i % 8, i * 377))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThanOrEqual(1)
    expect(new Set(values.map((value) => value.toFixed(2))).size).toBeGreaterThan(20)
  })
})
