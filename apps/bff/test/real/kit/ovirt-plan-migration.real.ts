import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSecondRealHost, type HostPair, type KitHost } from '../../../../../e2e/real-host/real-host.ts'
import { codesOf } from '../../operator.ts'
import { ownName, realLab, type RealLab } from './real-lab.ts'

// oVirt's test plan for "hot plug cpu", its cases with a migration, between two real daemons.

const GROWS = ownName('grows')
const SHRINKS = ownName('shrinks')
/** As few as can be said: with it a guest is on its way for longer than any test. */
const MIB_PER_SECOND = '1'
/** The hosts share one network, and two daemons that choose for themselves would choose the same port. */
const PORTS = { first: 49_301, second: 49_302 } as const

let pair: HostPair
let lab: RealLab

beforeAll(async () => {
  pair = await startSecondRealHost()
  lab = await realLab({
    hosts: [
      ['first', pair.first],
      ['second', pair.second],
    ],
  })
  const x86 = { kind: 'x86', removableBootVcpus: true, maxVcpus: 16 } as const
  await lab.define({ ...x86, name: GROWS, vcpus: 2 })
  await lab.define({ ...x86, name: SHRINKS, vcpus: 4 })
  await lab.boot(GROWS, SHRINKS)
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await pair[Symbol.asyncDispose]()
})

function migration(name: string, to: 'first' | 'second'): readonly [KitHost, string[]] {
  const [from, target] = to === 'second' ? [pair.first, pair.toSecond] : [pair.second, pair.toFirst]
  const where = [target.destinationUri, '--migrateuri', `${target.migrateUri}:${PORTS[to]}`]
  const how = ['--live', '--p2p', '--persistent', '--undefinesource']
  return [from, ['migrate', name, ...where, ...how]]
}

/** Moves a running guest and waits until it is seen there. */
async function migrate(name: string, to: 'first' | 'second'): Promise<void> {
  const [from, args] = migration(name, to)
  await from.mustVirsh(...args)
  await lab.vmWhen(name, ({ hostName, status }) => hostName === to && status === 'up')
}

/** What QEMU itself has, on the host where the guest is now. */
async function livesWith(name: string, to: 'first' | 'second'): Promise<number> {
  const host = to === 'first' ? pair.first : pair.second
  return Number(await host.mustVirsh('vcpucount', name, '--current', '--live'))
}

describe('negative: hot plug during migration', () => {
  it('is refused with the migration as the reason, up and down, until it has ended', async () => {
    const [from, args] = migration(GROWS, 'second')
    const moving = from.virsh(...args, '--bandwidth', MIB_PER_SECOND)
    await lab.vmWhen(GROWS, ({ status }) => status === 'migrating')
    for (const sockets of [4, 1]) {
      for (const mode of ['live', 'nextBoot'] as const) {
        expect(codesOf(await lab.refusal(GROWS, { sockets, mode }))).toContain('migration-in-progress')
      }
    }
    await from.mustVirsh('domjobabort', GROWS)
    expect((await moving).code).not.toBe(0)
    expect(await lab.vmWhen(GROWS, ({ status }) => status === 'up')).toMatchObject({
      hostName: 'first',
      sockets: 2,
    })
  })
})

describe('positive: a VM that was hot-plugged is migrated', () => {
  it.each([
    { title: 'after plugging, 2 to 4', name: GROWS, sockets: 4, back: 2 },
    { title: 'after unplugging, 4 to 2', name: SHRINKS, sockets: 2, back: 4 },
  ])('there and back, $title', async ({ name, sockets, back }) => {
    expect(await lab.resized(name, sockets)).toMatchObject({ state: 'converged' })
    await pair.first.waitForOnline(name, `0-${sockets - 1}`)
    for (const to of ['second', 'first'] as const) {
      await migrate(name, to)
      expect(lab.vm(name)).toMatchObject({ hostName: to, sockets, hypervisor: sockets })
      expect(await livesWith(name, to)).toBe(sockets)
    }
    // What was plugged on the way can go, and what went can come.
    expect(await lab.resized(name, back)).toMatchObject({ state: 'converged' })
    expect(await livesWith(name, 'first')).toBe(back)
  })
})

describe('positive: two VMs, each on a host of its own', () => {
  it('are plugged and unplugged, cross over at the same time, and keep their CPUs', async () => {
    await migrate(SHRINKS, 'second')
    const ends = await Promise.all([lab.resized(GROWS, 4), lab.resized(SHRINKS, 2)])
    expect(ends.map(({ state }) => state)).toEqual(['converged', 'converged'])
    await Promise.all([migrate(GROWS, 'second'), migrate(SHRINKS, 'first')])
    expect(lab.vm(GROWS)).toMatchObject({ hostName: 'second', sockets: 4 })
    expect(lab.vm(SHRINKS)).toMatchObject({ hostName: 'first', sockets: 2 })
    expect([await livesWith(GROWS, 'second'), await livesWith(SHRINKS, 'first')]).toEqual([4, 2])
    await migrate(GROWS, 'first')
  })
})
