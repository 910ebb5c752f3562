import { type Connection, connectGetAllDomainStats, domainSetVcpusFlags } from '@coreshift/libvirt'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refOf, VirtualLab, watch } from '../test/support/virtual-lab.ts'
import type { VmSpec } from './fleet/vm-spec.ts'
import { GUEST_BEHAVIOURS } from './guest/guest-profile.ts'
import { seededRandom } from './random.ts'

const VMS: readonly VmSpec[] = GUEST_BEHAVIOURS.map((behaviour) => ({
  name: behaviour,
  os: 'debian-12',
  sockets: 6,
  maxSockets: 12,
  behaviour,
}))

/** Two minutes of a client that asks for this and that, with faults on the wire; what the host and the client saw. */
async function run(seed: number): Promise<{ log: string[]; seen: string[] }> {
  const lab = await VirtualLab.start({ vms: VMS, seed })
  lab.demo.control.addFault('lab', { on: 'event', chance: 0.2, times: 1000, fault: { kind: 'lose' } })
  lab.demo.control.addFault('lab', {
    on: 'event',
    chance: 0.2,
    times: 1000,
    fault: { kind: 'delay', ms: 700 },
  })
  const connection = await lab.connect()
  const seen = await watch(lab, connection)
  const random = seededRandom(`client/${seed}`)
  for (let step = 0; step < 40; step++) {
    const { name } = random.pick(VMS)
    await change(lab, connection, name, random.int(1, 12))
    if (random.chance(0.2))
      lab.demo.control.setGuest('lab', name, { behaviour: random.pick(GUEST_BEHAVIOURS) })
    await lab.clock.advance(random.int(10, 6000))
  }
  const stats = await lab.until(
    connection.call(connectGetAllDomainStats, { domains: [], stats: 0, flags: 0 }),
  )
  for (const { domain, params } of stats.records) seen.push(`${domain.name} ${JSON.stringify(params)}`)
  await lab.until(connection.close())
  await lab.stop()
  return { log: lab.log, seen }
}

async function change(lab: VirtualLab, connection: Connection, name: string, count: number): Promise<void> {
  if (lab.demo.control.vm('lab', name).running === false) return
  const domain = await refOf(lab, connection, name)
  // A refusal is part of the story; it must come the same way each time.
  await lab.until(connection.call(domainSetVcpusFlags, { domain, count, flags: 33 }).catch(() => undefined))
}

describe('one seed', () => {
  it('gives the same log twice, and another seed another', async () => {
    const first = await run(11)
    const second = await run(11)
    expect(second).toEqual(first)
    expect(first.log.length).toBeGreaterThan(20)
    expect((await run(12)).log).not.toEqual(first.log)
  })

  it('of any value keeps libvirt, QEMU and guest consistent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const lab = await VirtualLab.start({ vms: VMS, seed })
        const random = seededRandom(seed)
        const connection = await lab.connect()
        for (let step = 0; step < 12; step++) {
          await change(lab, connection, random.pick(VMS).name, random.int(1, 12))
          await lab.clock.advance(random.int(0, 4000))
          for (const vm of lab.demo.control.vms('lab')) {
            if (!vm.running) continue
            expect(vm.counted, vm.name).toContain(0)
            // QEMU never has a vCPU that libvirt does not count, and the guest none that QEMU does not have.
            expect(vm.inQemu.filter((id) => !vm.counted.includes(id))).toEqual([])
            expect(vm.guestOnline.filter((id) => !vm.inQemu.includes(id))).toEqual([])
          }
        }
        await lab.until(connection.close())
        await lab.stop()
      }),
      { numRuns: 15 },
    )
  })
})
