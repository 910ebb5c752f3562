import { SetVcpuFlags, VcpuFlags } from '@coreshift/libvirt'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PLAIN_VM, VirtualLab } from '../../test/support/virtual-lab.ts'
import { vcpuCount } from '../definition/domain-definition.ts'
import type { VmSpec } from '../fleet/vm-spec.ts'
import { setChosenVcpus } from './set-vcpu.ts'
import { setVcpuCount } from './set-vcpus.ts'
import { selectUnits } from './vcpu-selection.ts'

const { LIVE, CONFIG, MAXIMUM, GUEST, HOTPLUGGABLE, ASYNC_UNPLUG } = VcpuFlags

const PPC: VmSpec = {
  name: 'vm',
  os: 'rhel-9-ppc64le',
  arch: 'ppc64le',
  sockets: 4,
  maxSockets: 8,
  threads: 2,
}

let lab: VirtualLab

afterEach(() => lab.stop())

const count = (vcpus: number, flags: number) => setVcpuCount(lab.lab.host, lab.domain(), vcpus, flags)
const chosen = (list: string, state: number, flags: number) =>
  setChosenVcpus(lab.lab.host, lab.domain(), list, state, flags)
const onlineIds = () => lab.domain().definition.vcpus.flatMap((slot, id) => (slot.online ? [id] : []))
const storedCount = () => vcpuCount(lab.domain().stored())

describe('a number of vCPUs', () => {
  beforeEach(async () => {
    lab = await VirtualLab.start()
  })

  it.each([
    [0, LIVE, 8, 20],
    [9, LIVE, 8, 10],
    [9, CONFIG, 8, 10],
    [4, MAXIMUM, 8, 20],
    [9, MAXIMUM | CONFIG, 8, 10],
    [8, MAXIMUM | CONFIG | LIVE, 84, 10],
    [3, GUEST | CONFIG, 8, 20],
    [3, GUEST | LIVE | ASYNC_UNPLUG, 55, 10],
    [4, LIVE | 64, 8, 10],
  ])('%i with flags %i is refused with code %i from domain %i', async (vcpus, flags, code, domain) => {
    const before = JSON.stringify(lab.domain().definition.vcpus)
    const fault = await lab.fault(() => count(vcpus, flags))
    expect({ code: fault.code, domain: fault.domain }).toEqual({ code, domain })
    expect(JSON.stringify(lab.domain().definition.vcpus)).toBe(before)
  })

  it('is reached live without touching the stored definition', async () => {
    await lab.until(count(6, LIVE))
    expect({ live: onlineIds().length, stored: storedCount() }).toEqual({ live: 6, stored: 4 })
  })

  it('is reached in the stored definition without touching the running machine', async () => {
    await lab.until(count(6, CONFIG))
    expect({ live: onlineIds().length, stored: storedCount() }).toEqual({ live: 4, stored: 6 })
  })

  it('means the running machine when no side is named', async () => {
    await lab.until(count(5, 0))
    expect({ live: onlineIds().length, stored: storedCount() }).toEqual({ live: 5, stored: 4 })
  })

  it('is written to the stored definition at once when live, config and async are named together', async () => {
    await lab.until(count(2, LIVE | CONFIG | ASYNC_UNPLUG))
    expect({ live: onlineIds().length, stored: storedCount() }).toEqual({ live: 4, stored: 2 })
  })

  it('stays written when the guest then refuses', async () => {
    lab.domain().guest.behaviour = 'refuses'
    await lab.until(count(2, LIVE | CONFIG | ASYNC_UNPLUG))
    await lab.clock.advance(5000)
    expect({ live: onlineIds().length, stored: storedCount() }).toEqual({ live: 4, stored: 2 })
  })

  it('leaves the stored definition alone when the synchronous live change failed', async () => {
    lab.domain().guest.behaviour = 'refuses'
    const fault = await lab.fault(() => count(2, LIVE | CONFIG))
    expect({ code: fault.code, stored: storedCount() }).toEqual({ code: 68, stored: 4 })
  })

  it('takes the async flag without effect when plugging', async () => {
    await lab.until(count(6, LIVE | ASYNC_UNPLUG))
    expect(onlineIds()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('asks for the highest vCPUs first and changes nothing until they are gone', async () => {
    await lab.until(count(2, LIVE | ASYNC_UNPLUG))
    expect(onlineIds()).toEqual([0, 1, 2, 3])
    expect([...lab.machine().asked]).toEqual([3, 2])
    await lab.clock.advance(1000)
    expect(onlineIds()).toEqual([0, 1])
    expect(lab.events.toSorted()).toEqual(['vcpu-removed vm vcpuId=2', 'vcpu-removed vm vcpuId=3'])
  })

  it('ends at the vCPUs that the definition fixes', async () => {
    await lab.until(count(1, LIVE))
    expect(onlineIds()).toEqual([0])
    const fault = await lab.fault(() => chosen('0', 0, SetVcpuFlags.LIVE))
    expect({ code: fault.code, text: fault.detail }).toEqual({
      code: 84,
      text: "vcpu '0' can't be unplugged",
    })
  })

  it('that is already reached changes nothing and is no error', async () => {
    await lab.until(count(4, LIVE | ASYNC_UNPLUG))
    expect(lab.events).toEqual([])
  })

  it('lists every vCPU in the XML once one was plugged, so that it stays removable', async () => {
    const fixed: VmSpec = { ...PLAIN_VM, boot: 'fixed' }
    await lab.stop()
    lab = await VirtualLab.start({ vms: [fixed] })
    expect(lab.machine().definition.individualVcpus).toBe(false)
    await lab.until(count(5, LIVE))
    expect(lab.machine().definition.individualVcpus).toBe(true)
    expect(lab.machine().definition.vcpus[4]).toEqual({ online: true, hotpluggable: true, order: 5 })
    expect((await lab.fault(() => count(3, LIVE))).code).toBe(67)
  })
})

describe('a stored number of vCPUs', () => {
  beforeEach(async () => {
    lab = await VirtualLab.start({ vms: [{ ...PLAIN_VM, boot: 'fixed', state: 'off', topology: false }] })
  })

  it('marks what it adds hot-pluggable only when told so', async () => {
    await lab.until(count(6, CONFIG))
    expect(lab.domain().stored().vcpus[5]?.hotpluggable).toBe(false)
    await lab.until(count(4, CONFIG))
    await lab.until(count(6, CONFIG | HOTPLUGGABLE))
    expect(lab.domain().stored().vcpus[5]?.hotpluggable).toBe(true)
    expect(lab.domain().stored().individualVcpus).toBe(true)
  })

  it('has a maximum that can be raised while the machine is off', async () => {
    await lab.until(count(12, CONFIG | MAXIMUM))
    expect(lab.domain().stored().vcpus).toHaveLength(12)
    expect(storedCount()).toBe(4)
  })

  it('cannot be asked for live', async () => {
    expect((await lab.fault(() => count(5, LIVE))).code).toBe(55)
  })
})

describe('chosen vCPUs', () => {
  beforeEach(async () => {
    lab = await VirtualLab.start()
  })

  const { LIVE: live, CONFIG: config } = SetVcpuFlags

  it.each([
    ['abc', 0, live, 8],
    ['', 0, live, 8],
    ['3', 1, live, 8],
    ['5', 0, live, 8],
    ['8', 1, live, 8],
    ['4-5', 1, live, 84],
    ['0', 0, live, 84],
    ['0', 0, config, 8],
    ['3', 2, live, 8],
    ['3', 0, live | 8, 8],
  ])('%j to state %i with flags %i is refused with code %i', async (list, state, flags, code) => {
    expect((await lab.fault(() => chosen(list, state, flags))).code).toBe(code)
  })

  it('leave a hole where the chosen one was', async () => {
    await lab.until(chosen('2', 0, live))
    expect(onlineIds()).toEqual([0, 1, 3])
    expect(lab.machine().definition.vcpus[3]?.order).toBe(3)
  })

  it('are marked hot-pluggable in the stored definition, whichever way they go', async () => {
    await lab.until(chosen('5-6', 1, config))
    expect(lab.domain().stored().vcpus[5]).toEqual({ online: true, hotpluggable: true, order: 0 })
  })
})

describe('units of several vCPUs on ppc64', () => {
  beforeEach(async () => {
    lab = await VirtualLab.start({ vms: [PPC], arch: 'ppc64le' })
  })

  it('refuse a count that is no whole unit', async () => {
    const fault = await lab.fault(() => count(7, LIVE))
    expect({ code: fault.code, text: fault.detail }).toEqual({
      code: 67,
      text: 'target vm vcpu granularity does not allow the desired vcpu count',
    })
  })

  it.each([
    ['5', 0, 8, "vcpu '5' belongs to a larger hotpluggable entity, but siblings were not selected"],
    [
      '4',
      0,
      8,
      "vcpu '5' was not selected but it belongs to hotpluggable entity '4-5' which was partially selected",
    ],
    ['4-7', 0, 84, 'only one hotpluggable entity can be selected'],
    ['0-1', 0, 84, "vcpu '0' can't be unplugged"],
  ])('%j to state %i is refused with code %i', async (list, state, code, text) => {
    const fault = await lab.fault(() => chosen(list, state, 1))
    expect({ code: fault.code, text: fault.detail }).toEqual({ code, text })
  })

  it('go together, with one event per vCPU and one alias per unit', async () => {
    await lab.until(chosen('6-7', 0, SetVcpuFlags.LIVE | SetVcpuFlags.ASYNC_UNPLUG))
    await lab.clock.advance(1000)
    expect(lab.events).toEqual(['vcpu-removed vm vcpuId=6', 'vcpu-removed vm vcpuId=7'])
    lab.domain().guest.behaviour = 'refuses'
    await lab.until(count(4, LIVE | ASYNC_UNPLUG))
    await lab.clock.advance(1000)
    expect(lab.events.slice(2)).toEqual(['device-removal-failed vm deviceAlias=vcpu4 told=true'])
  })

  it('share their place in the order of enabling', () => {
    expect(
      lab
        .machine()
        .definition.vcpus.slice(0, 5)
        .map(({ order }) => order),
    ).toEqual([1, 1, 2, 2, 3])
  })

  it('say no with code 9 in the synchronous form', async () => {
    lab.domain().guest.behaviour = 'refuses'
    expect((await lab.fault(() => count(6, LIVE))).code).toBe(9)
  })

  it('wait 10 s in the synchronous form', async () => {
    lab.domain().guest.behaviour = 'never-answers'
    const before = lab.clock.now()
    expect((await lab.fault(() => count(6, LIVE))).code).toBe(68)
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(10_000)
  })
})

describe('other machines', () => {
  it('s390x adds but does not remove', async () => {
    const vm: VmSpec = { ...PLAIN_VM, os: 'rhel-9-s390x', arch: 's390x' }
    lab = await VirtualLab.start({ vms: [vm], arch: 's390x' })
    await lab.until(count(5, LIVE))
    expect((await lab.fault(() => count(4, LIVE | ASYNC_UNPLUG))).code).toBe(1)
    expect(onlineIds()).toHaveLength(5)
  })

  it('aarch64 neither adds nor removes', async () => {
    const vm: VmSpec = { ...PLAIN_VM, os: 'debian-13-aarch64', arch: 'aarch64', boot: 'fixed' }
    lab = await VirtualLab.start({ vms: [vm], arch: 'aarch64' })
    expect((await lab.fault(() => count(5, LIVE))).code).toBe(67)
    expect((await lab.fault(() => chosen('5', 1, 1))).code).toBe(84)
    await lab.until(count(5, CONFIG))
    expect(storedCount()).toBe(5)
  })
})

describe('the selection rule', () => {
  const shapes = fc.record({
    threads: fc.constantFrom(1, 2, 4),
    units: fc.integer({ min: 2, max: 8 }),
    present: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    target: fc.integer({ min: 1, max: 32 }),
  })

  it('reaches exactly the count that was asked for, or refuses', async () => {
    lab = await VirtualLab.start({ vms: [] })
    await fc.assert(
      fc.asyncProperty(shapes, async ({ threads, units, present, target }) => {
        const vm: VmSpec = { ...PPC, threads, sockets: 1, maxSockets: units }
        const own = await VirtualLab.start({ vms: [vm], arch: 'ppc64le' })
        const machine = own.machine()
        machine.definition.vcpus.forEach((slot, id) => {
          const unit = machine.unitOf(id)
          slot.online = unit === 0 || present[unit / threads] === true
          machine.qemuHas[id] = slot.online ? 1 : 0
          machine.pluggable[id] = slot.online && unit !== 0 ? 1 : 0
        })
        const before = vcpuCount(machine.definition)
        try {
          const { enable, units: selected } = selectUnits(machine, target)
          expect(before + (enable ? 1 : -1) * selected.length * threads).toBe(target)
          for (const unit of selected) expect(machine.definition.vcpus[unit]?.online).toBe(!enable)
          expect(selected).toEqual(selected.toSorted((a, b) => (enable ? a - b : b - a)))
        } catch (error) {
          expect(error).toMatchObject({ code: 67 })
          expect(target % threads !== 0 || target > units * threads).toBe(true)
        }
        await own.stop()
      }),
      { numRuns: 60 },
    )
  })
})
