import { DomainStats, MigrateFlags, VcpuFlags } from '@coreshift/libvirt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PLAIN_VM, VirtualLab } from '../../test/support/virtual-lab.ts'
import { domainXml } from './define-domain.ts'
import { readGuestVcpus, setGuestVcpus } from './guest-agent-vcpus.ts'
import { readGuestInfo } from './guest-information.ts'
import { abortJob, readJobInfo, readJobStats } from './jobs.ts'
import { readMetadata, setMetadata } from './metadata.ts'
import { migratePeerToPeer } from './migration.ts'
import { createDomain, createTransient, destroyDomain, managedSave, shutdownDomain } from './power.ts'
import { setVcpuCount } from './set-vcpus.ts'
import { readStatistics } from './statistics.ts'

const { LIVE, ASYNC_UNPLUG } = VcpuFlags
let lab: VirtualLab

beforeEach(async () => {
  lab = await VirtualLab.start()
})
afterEach(() => lab.stop())

const host = () => lab.lab.host
const vm = () => lab.domain()

describe('the synchronous form', () => {
  it('waits until the guest let go', async () => {
    await lab.until(setVcpuCount(host(), vm(), 2, LIVE))
    expect(lab.demo.control.vm('lab', 'vm').counted).toEqual([0, 1])
  })

  it('gives up after 5 s with code 68, and the removal may come later all the same', async () => {
    vm().guest.behaviour = 'completes-late'
    const before = lab.clock.now()
    const fault = await lab.fault(() => setVcpuCount(host(), vm(), 3, LIVE))
    expect(fault.code).toBe(68)
    expect(lab.clock.now() - before).toBeLessThan(5200)
    await lab.clock.advance(90_000)
    expect(lab.demo.control.vm('lab', 'vm').counted).toEqual([0, 1, 2])
  })

  it('stops at the first vCPU that is refused, which on x86 only its time limit tells', async () => {
    vm().guest.behaviour = 'refuses'
    expect((await lab.fault(() => setVcpuCount(host(), vm(), 2, LIVE))).code).toBe(68)
    expect(lab.events).toEqual(['device-removal-failed vm deviceAlias=vcpu3 told=false'])
  })

  it('fails with code 38 when the machine dies meanwhile', async () => {
    vm().guest.behaviour = 'crashes'
    const fault = await lab.fault(() => setVcpuCount(host(), vm(), 3, LIVE))
    expect({ code: fault.code, int1: fault.int1 }).toEqual({ code: 38, int1: 104 })
  })

  it('holds the domain: other changes wait, statistics wait, the state does not', async () => {
    vm().guest.behaviour = 'never-answers'
    const order: string[] = []
    const first = setVcpuCount(host(), vm(), 3, LIVE).catch(() => order.push('first'))
    await lab.clock.advance(100)
    const second = setVcpuCount(host(), vm(), 5, LIVE).then(() => order.push('second'))
    const stats = readStatistics(host(), vm(), 0, 0).then(() => order.push('statistics'))
    const noWait = readStatistics(host(), vm(), DomainStats.VCPU, 2 ** 29).then(() => order.push('no wait'))
    await lab.until(Promise.all([first, second, stats, noWait]))
    expect(order).toEqual(['no wait', 'first', 'second', 'statistics'])
  })
})

describe('the guest agent', () => {
  it('says which vCPUs are online and takes them offline, but not the first', async () => {
    const asText = async () =>
      (await lab.until(readGuestVcpus(host(), vm()))).map(({ field, value }) => `${field}=${String(value)}`)
    await lab.until(setGuestVcpus(host(), vm(), '2-3', 0))
    expect(await asText()).toEqual(['vcpus=0-3', 'online=0-1', 'offlinable=1-3'])
    expect((await lab.fault(() => setGuestVcpus(host(), vm(), '0', 0))).code).toBe(84)
    expect((await lab.fault(() => setGuestVcpus(host(), vm(), '7', 0))).code).toBe(8)
  })

  it('is missing, not connected, or does not answer: three codes', async () => {
    lab.demo.control.setGuest('lab', 'vm', { agent: 'hanging' })
    const before = lab.clock.now()
    expect((await lab.fault(() => readGuestVcpus(host(), vm()))).code).toBe(86)
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(5000)
    lab.demo.control.setGuest('lab', 'vm', { agent: 'absent' })
    expect((await lab.fault(() => readGuestVcpus(host(), vm()))).detail).toBe(
      'QEMU guest agent is not connected',
    )
    await lab.stop()
    lab = await VirtualLab.start({ vms: [{ ...PLAIN_VM, agent: 'absent' }] })
    expect((await lab.fault(() => readGuestVcpus(host(), vm()))).code).toBe(74)
  })

  it('comes and goes with events', async () => {
    lab.demo.control.setGuest('lab', 'vm', { agent: 'absent' })
    lab.demo.control.setGuest('lab', 'vm', { agent: 'present' })
    expect(lab.events.filter((line) => line.startsWith('agent'))).toEqual([
      'agent-lifecycle vm state=2 reason=2',
      'agent-lifecycle vm state=1 reason=2',
    ])
  })

  it('tells the guest system, and refuses what libvirt or the agent does not know', async () => {
    const info = await lab.until(readGuestInfo(host(), vm(), 0, 0))
    expect(info).toContainEqual({ field: 'os.id', type: 7, value: 'debian' })
    expect((await lab.fault(() => readGuestInfo(host(), vm(), 4096, 0))).code).toBe(8)
    expect((await lab.fault(() => readGuestInfo(host(), vm(), 256, 0))).code).toBe(113)
    await lab.stop()
    lab = await VirtualLab.start({ version: '9.0.0' })
    expect((await lab.fault(() => readGuestInfo(host(), vm(), 128, 0))).code).toBe(8)
  })

  it('serves calls one after the other', async () => {
    lab.demo.control.setGuest('lab', 'vm', { agent: 'hanging' })
    const before = lab.clock.now()
    await Promise.all([
      lab.fault(() => readGuestVcpus(host(), vm())),
      lab.fault(() => readGuestVcpus(host(), vm())),
    ])
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(10_000)
  })
})

describe('migration', () => {
  const P2P =
    MigrateFlags.LIVE | MigrateFlags.PEER2PEER | MigrateFlags.PERSIST_DEST | MigrateFlags.UNDEFINE_SOURCE
  const start = (flags: number = P2P) => migratePeerToPeer(host(), vm(), lab.other.uri, flags)

  it('takes time, shows progress, and moves the machine with its vCPUs', async () => {
    await lab.until(setVcpuCount(host(), vm(), 6, LIVE))
    await lab.clock.advance(1000)
    const moving = start()
    await lab.clock.advance(1000)
    expect(readJobInfo(host(), vm()).type).toBe(2)
    expect(readJobInfo(host(), vm()).dataProcessed).toBeGreaterThan(0n)
    await lab.until(moving)
    expect(host().findByName('vm')).toBeUndefined()
    const moved = lab.other.host.byName('vm')
    expect(moved.running().definition.vcpus.filter(({ online }) => online)).toHaveLength(6)
    expect(lab.demo.control.vm('other', 'vm').guestOnline).toHaveLength(6)
    expect(moved.config).not.toBeNull()
  })

  it('tells both sides in libvirt’s order', async () => {
    const arrived: string[] = []
    lab.other.host.subscribe((event) => {
      if (event.kind === 'lifecycle') arrived.push(`${event.event}/${event.detail}`)
    })
    await lab.until(start())
    expect(lab.events.filter((line) => line.startsWith('lifecycle'))).toEqual([
      'lifecycle vm event=3 detail=1',
      'lifecycle vm event=5 detail=3',
      'lifecycle vm event=1 detail=0',
    ])
    expect(arrived).toEqual(['2/1', '4/1', '0/0'])
  })

  it('refuses CPU changes while it runs: they wait 30 s and end with code 68', async () => {
    const xml = (memory: number): string =>
      domainXml(vm(), 2)
        .replace(/<memory.*\n/, `<memory unit='GiB'>${memory}</memory>\n`)
        .replace(/<currentMemory.*\n/, '')
        .replace(/<uuid>.*<\/uuid>/, '')
        .replace('<name>vm<', '<name>big<')
    const big = await lab.until(createTransient(host(), xml(64)))
    const moving = migratePeerToPeer(host(), big, lab.other.uri, P2P)
    await lab.clock.advance(100)
    const fault = await lab.fault(() => setVcpuCount(host(), big, 3, LIVE | ASYNC_UNPLUG))
    expect({ code: fault.code, domain: fault.domain }).toEqual({ code: 68, domain: 0 })
    await lab.until(moving)
  })

  it('never ends for a guest that changes memory faster than it can be sent', async () => {
    vm().guest.dirtyMibPerSecond = 5000
    const moving = lab.fault(() => start())
    await lab.clock.advance(3_600_000)
    const { type, dataRemaining, timeElapsedMs } = readJobInfo(host(), vm())
    expect({ type, timeElapsedMs }).toEqual({ type: 2, timeElapsedMs: 3_600_000n })
    expect(dataRemaining).toBeGreaterThan(0n)
    abortJob(vm())
    expect((await moving).code).toBe(78)
  })

  it('can be aborted; the machine stays where it was', async () => {
    const moving = lab.fault(() => start())
    await lab.clock.advance(500)
    abortJob(vm())
    expect((await moving).code).toBe(78)
    expect(lab.demo.control.vm('lab', 'vm').running).toBe(true)
    await lab.until(setVcpuCount(host(), vm(), 5, LIVE))
  })

  it('leaves statistics of the finished job until they are read', async () => {
    await lab.until(start(P2P & ~MigrateFlags.UNDEFINE_SOURCE))
    expect(readJobStats(host(), vm(), 1).type).toBe(3)
    expect(readJobStats(host(), vm(), 1).type).toBe(0)
  })

  it('to a host that nobody knows, or to itself, is refused', async () => {
    expect(
      (await lab.fault(() => migratePeerToPeer(host(), vm(), 'qemu+ssh://nowhere/system', P2P))).code,
    ).toBe(38)
    expect((await lab.fault(() => migratePeerToPeer(host(), vm(), lab.lab.uri, P2P))).code).toBe(1)
  })
})

describe('power', () => {
  it('asks the guest to shut down, which takes its time or never happens', async () => {
    await lab.until(shutdownDomain(host(), vm(), 0))
    expect(vm().machine).not.toBeNull()
    await lab.clock.advance(5000)
    expect({ running: vm().machine, reason: vm().shutoffReason }).toEqual({ running: null, reason: 1 })
    await lab.until(createDomain(host(), vm()))
    vm().guest.shutdownMs = null
    await lab.until(shutdownDomain(host(), vm(), 0))
    await lab.clock.advance(600_000)
    expect(vm().machine).not.toBeNull()
  })

  it('says resumed before started, and stopped with id -1', async () => {
    await lab.until(destroyDomain(host(), vm()))
    await lab.until(createDomain(host(), vm()))
    expect(lab.events.filter((line) => line.startsWith('lifecycle'))).toEqual([
      'lifecycle vm event=6 detail=2',
      'lifecycle vm event=5 detail=1',
      'lifecycle vm event=4 detail=0',
      'lifecycle vm event=2 detail=0',
    ])
  })

  it('starts what is stored: a vCPU plugged live is gone after a restart', async () => {
    await lab.until(setVcpuCount(host(), vm(), 6, LIVE))
    await lab.until(destroyDomain(host(), vm()))
    await lab.until(createDomain(host(), vm()))
    expect(lab.demo.control.vm('lab', 'vm').counted).toHaveLength(4)
  })

  it('a second start is refused with code 55', async () => {
    expect((await lab.fault(() => createDomain(host(), vm()))).code).toBe(55)
  })

  it('restores from a managed save', async () => {
    await lab.until(managedSave(host(), vm()))
    expect({ reason: vm().shutoffReason, saved: vm().managedSave }).toEqual({ reason: 5, saved: true })
    await lab.until(createDomain(host(), vm()))
    expect({ reason: vm().running().reason, saved: vm().managedSave }).toEqual({ reason: 3, saved: false })
  })

  it('QEMU killed: the event keeps the old id', async () => {
    const { id } = vm().running()
    const ids: number[] = []
    host().subscribe(({ domain }) => ids.push(domain.id))
    lab.demo.control.act('lab', 'vm', 'kill-qemu')
    expect(ids).toEqual([id])
    expect(vm().shutoffReason).toBe(6)
  })
})

describe('metadata', () => {
  it('is set live and stored, read back without its prefix, and removed', async () => {
    const change = { type: 2, value: '<note a="1">x</note>', key: 'q', uri: 'http://example.org/q' }
    await lab.until(setMetadata(host(), vm(), change, 3))
    expect(readMetadata(host(), vm(), 2, change.uri, 1)).toBe('<note a="1">x</note>')
    expect(domainXml(vm(), 2)).toContain('<q:note xmlns:q="http://example.org/q" a="1">x</q:note>')
    await lab.until(setMetadata(host(), vm(), { ...change, value: null }, 3))
    expect((await lab.fault(() => readMetadata(host(), vm(), 2, change.uri, 1))).code).toBe(80)
  })

  it('tells a change of the description', async () => {
    await lab.until(setMetadata(host(), vm(), { type: 0, value: 'words', key: null, uri: null }, 3))
    expect(lab.events).toEqual(['metadata-change vm type=0 uri=null'])
    expect(readMetadata(host(), vm(), 0, null, 0)).toBe('words')
  })

  it('has no title with a line break', async () => {
    const change = { type: 1, value: 'a\nb', key: null, uri: null }
    expect((await lab.fault(() => setMetadata(host(), vm(), change, 1))).code).toBe(8)
  })
})

describe('statistics', () => {
  it('move with the load: CPU time grows, faster where there is more to do', async () => {
    const cpuTime = async (): Promise<bigint> => {
      const params = await lab.until(readStatistics(host(), vm(), DomainStats.CPU_TOTAL, 0))
      const time = params.find(({ field }) => field === 'cpu.time')?.value
      return typeof time === 'bigint' ? time : -1n
    }
    const used = async (load: number): Promise<number> => {
      lab.demo.control.setGuest('lab', 'vm', { load: { base: load, swing: 0, periodMs: 1000 } })
      const before = await cpuTime()
      await lab.clock.advance(10_000)
      return Number((await cpuTime()) - before) / 1e9
    }
    expect(await used(0.5)).toBeCloseTo(20, 0)
    expect(await used(0.1)).toBeCloseTo(4, 0)
  })

  it('refuse unknown groups only when told to', async () => {
    expect((await lab.fault(() => readStatistics(host(), vm(), 2048, 2 ** 31))).code).toBe(74)
    expect(await lab.until(readStatistics(host(), vm(), 2048, 0))).toEqual([])
  })
})
