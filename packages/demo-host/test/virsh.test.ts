import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Demo, startDemo } from '../src/index.ts'
import { ensureVirsh, virsh, VirshEvents } from './support/virsh.ts'

const LIMIT_MS = 120_000

let demo: Demo
let folder: string
let here: string
let there: string

beforeAll(async () => {
  ensureVirsh()
  folder = await mkdtemp(join(tmpdir(), 'virsh-test-'))
  const vm = { os: 'debian-12', sockets: 4, maxSockets: 8, memoryGib: 1 } as const
  demo = await startDemo({
    folder,
    story: [
      {
        name: 'lab',
        version: '12.8.0',
        hardware: { nodes: 1, coresPerSocket: 4, threadsPerCore: 2 },
        vms: [
          { ...vm, name: 'one', description: 'the first', title: 'One' },
          { ...vm, name: 'two', behaviour: 'refuses' },
          { ...vm, name: 'cold', state: 'off', boot: 'fixed' },
          { ...vm, name: 'mover' },
          { ...vm, name: 'walker' },
          { ...vm, name: 'talker', arch: 'ppc64le', threads: 2 },
        ],
      },
      { name: 'other', version: '12.8.0', vms: [] },
      { name: 'old', version: '9.0.0', vms: [{ ...vm, name: 'grey' }] },
    ],
  })
  here = demo.hosts[0]?.uri ?? ''
  there = demo.hosts[1]?.uri ?? ''
}, LIMIT_MS)

afterAll(async () => {
  const reports = demo.hosts.flatMap(({ daemon }) => daemon.reports)
  await demo.stop()
  await rm(folder, { recursive: true, force: true })
  if (reports.length > 0) throw new AggregateError(reports, 'the simulation failed inside')
}, LIMIT_MS)

async function output(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await virsh(here, ...args)
  if (code !== 0) throw new Error(`virsh ${args.join(' ')} failed: ${stderr}`)
  return stdout.trim()
}

async function failure(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await virsh(here, ...args)
  if (code === 0) throw new Error(`virsh ${args.join(' ')} must fail; it said: ${stdout}`)
  return stderr.trim()
}

describe("Debian 12's own virsh", { timeout: LIMIT_MS }, () => {
  it('list --all', async () => {
    const names = (await output('list', '--all')).split('\n').map((line) => line.trim().split(/\s+/))
    expect(names[0]).toEqual(['Id', 'Name', 'State'])
    expect(names.find(([, name]) => name === 'one')).toEqual(['1', 'one', 'running'])
    expect(names.find(([, name]) => name === 'cold')).toEqual(['-', 'cold', 'shut', 'off'])
  })

  it('dominfo', async () => {
    const info = await output('dominfo', 'one')
    expect(info).toMatch(/^Name: +one$/m)
    expect(info).toMatch(/^State: +running$/m)
    expect(info).toMatch(/^CPU\(s\): +4$/m)
    expect(info).toMatch(/^Max memory: +1048576 KiB$/m)
    expect(info).toMatch(/^Persistent: +yes$/m)
    expect(info).toMatch(/^Security model: none$/m)
  })

  it('domstate', async () => {
    expect(await output('domstate', 'one')).toBe('running')
    expect(await output('domstate', '--reason', 'cold')).toBe('shut off (shutdown)')
  })

  it('dumpxml, live and inactive', async () => {
    const live = await output('dumpxml', 'one')
    const stored = await output('dumpxml', 'one', '--inactive')
    expect(live).toMatch(/^<domain type='kvm' id='1'>\n {2}<name>one<\/name>\n/)
    expect(stored).toMatch(/^<domain type='kvm'>\n {2}<name>one<\/name>\n/)
    expect(live).toContain("    <vcpu id='3' enabled='yes' hotpluggable='yes' order='4'/>\n")
    expect(live).toContain("<alias name='net0'/>")
    expect(stored).not.toContain('<alias')
  })

  it('define, start, undefine, destroy', async () => {
    const file = join(folder, 'new.xml')
    await writeFile(
      file,
      `<domain type='kvm'><name>new</name><memory unit='MiB'>512</memory><vcpu current='2'>4</vcpu>
        <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`,
    )
    expect(await output('define', file)).toContain("Domain 'new' defined")
    expect(await output('start', 'new')).toContain("Domain 'new' started")
    expect(await output('dumpxml', 'new')).toContain("<vcpu placement='static' current='2'>4</vcpu>")
    expect(await output('undefine', 'new')).toContain("Domain 'new' has been undefined")
    expect(await output('destroy', 'new')).toContain("Domain 'new' destroyed")
    expect(await failure('domstate', 'new')).toContain("failed to get domain 'new'")
  })

  it('define refuses what is no domain', async () => {
    const file = join(folder, 'broken.xml')
    await writeFile(file, '<domain><name>x</name></domain>')
    expect(await failure('define', file)).toContain('an os <type> must be specified')
  })

  it('vcpucount', async () => {
    const rows = (await output('vcpucount', 'one')).split('\n').map((line) => line.split(/\s+/).join(' '))
    expect(rows).toEqual(['maximum config 8', 'maximum live 8', 'current config 4', 'current live 4'])
    expect(await output('vcpucount', 'one', '--guest')).toBe('4')
    expect(await output('vcpucount', 'cold', '--config', '--maximum')).toBe('8')
    expect(await failure('vcpucount', 'cold', '--live')).toContain('domain is not running')
  })

  it('vcpuinfo', async () => {
    const info = await output('vcpuinfo', 'one')
    expect(info.match(/^VCPU: +\d+$/gm)).toHaveLength(4)
    expect(info).toMatch(/^State: +running$/m)
    expect(info).toMatch(/^CPU Affinity: +yyyyyyyy$/m)
  })

  it('vcpupin', async () => {
    await output('vcpupin', 'one', '2', '0-1,4', '--live', '--config')
    expect(await output('vcpupin', 'one', '2')).toMatch(/ 2 +0-1,4$/)
    expect(await output('dumpxml', 'one', '--inactive')).toContain("<vcpupin vcpu='2' cpuset='0-1,4'/>")
    expect(await failure('vcpupin', 'one', '99', '0')).toContain('out of range')
  })

  it('guestvcpus', async () => {
    expect((await output('guestvcpus', 'one')).split('\n').map((line) => line.split(/\s*: /))).toEqual([
      ['vcpus', '0-3'],
      ['online', '0-3'],
      ['offlinable', '1-3'],
    ])
    await output('guestvcpus', 'one', '--cpulist', '3', '--disable')
    expect(await output('guestvcpus', 'one')).toMatch(/^online +: 0-2$/m)
    await output('guestvcpus', 'one', '--cpulist', '3', '--enable')
  })

  it('setvcpus with every combination of flags', async () => {
    await output('setvcpus', 'one', '6', '--live')
    expect(await output('vcpucount', 'one', '--live')).toBe('6')
    await output('setvcpus', 'one', '5', '--config')
    expect(await output('vcpucount', 'one', '--config')).toBe('5')
    await output('setvcpus', 'one', '4', '--live', '--config')
    expect(await output('vcpucount', 'one', '--live')).toBe('4')
    expect(await output('vcpucount', 'one', '--config')).toBe('4')
    await output('setvcpus', 'one', '3', '--current')
    expect(await output('vcpucount', 'one', '--current')).toBe('3')
    await output('setvcpus', 'one', '2', '--guest')
    expect(await output('vcpucount', 'one', '--guest')).toBe('2')
    await output('setvcpus', 'one', '4', '--live', '--hotpluggable')
    expect(await failure('setvcpus', 'one', '9', '--live')).toContain('9 > 8')
    expect(await failure('setvcpus', 'one', '0', '--live')).toContain("Can't set 0 processors")
    expect(await failure('setvcpus', 'one', '7', '--maximum', '--config')).toContain(
      "CPU topology doesn't match",
    )
    expect(await failure('setvcpus', 'one', '8', '--maximum', '--live')).not.toBe('')
    expect(await failure('setvcpus', 'two', '3', '--live')).toContain('vcpu unplug request timed out')
  })

  it('setvcpu, enabling and disabling', async () => {
    await output('setvcpu', 'one', '6', '--enable', '--live')
    expect(await output('dumpxml', 'one')).toContain(
      "<vcpu id='6' enabled='yes' hotpluggable='yes' order='5'/>",
    )
    await output('setvcpu', 'one', '6', '--disable', '--live')
    expect(await output('dumpxml', 'one')).toContain("<vcpu id='6' enabled='no' hotpluggable='yes'/>")
    await output('setvcpu', 'one', '7', '--enable', '--config')
    expect(await failure('setvcpu', 'one', '0', '--disable', '--live')).toContain(
      "vcpu '0' can't be unplugged",
    )
    expect(await failure('setvcpu', 'one', '0', '--disable', '--config')).toContain(
      "vCPU '0' can't be modified",
    )
  })

  it('domstats', async () => {
    const stats = await output('domstats', 'one')
    expect(stats).toMatch(/^Domain: 'one'\n/)
    expect(stats).toMatch(/^ {2}state\.state=1$/m)
    expect(stats).toMatch(/^ {2}vcpu\.maximum=8$/m)
    expect(stats).toMatch(/^ {2}vcpu\.0\.time=\d+$/m)
    expect((await output('domstats', '--vcpu')).match(/^Domain:/gm)?.length).toBeGreaterThan(3)
  })

  it('desc and metadata', async () => {
    expect(await output('desc', 'two')).toBe('No description for domain: two')
    await output('desc', 'two', '--live', '--config', 'some words')
    expect(await output('desc', 'two')).toBe('some words')
    expect(await output('desc', 'one', '--title')).toBe('One')
    await output('metadata', 'two', 'urn:coreshift', '--key', 'cs', '--set', '<owner name="ann"/>', '--live')
    expect(await output('metadata', 'two', 'urn:coreshift')).toBe('<owner name="ann"/>')
    await output('metadata', 'two', 'urn:coreshift', '--remove', '--live')
    expect(await failure('metadata', 'two', 'urn:coreshift')).toContain(
      'Requested metadata element is not present',
    )
  })

  it('event --all --loop', async () => {
    const events = new VirshEvents(here)
    await vi.waitFor(
      async () => {
        // virsh registers for each event in turn; what happens before is not seen.
        await output('desc', 'talker', '--live', String(events.lines.length))
        expect(events.lines.length).toBeGreaterThan(0)
      },
      { timeout: 30_000, interval: 200 },
    )
    demo.control.setGuest('lab', 'talker', { behaviour: 'refuses' })
    expect(await failure('setvcpus', 'talker', '6', '--live')).toContain('rejected by the guest')
    await output('destroy', 'talker')
    await output('start', 'talker')
    await vi.waitFor(() => expect(events.lines.join('\n')).toMatch(/talker': Started Booted/), {
      timeout: 30_000,
    })
    await events.stop()
    expect(events.lines).toContain("event 'device-removal-failed' for domain 'talker': vcpu6")
    expect(events.lines).toContain(
      "event 'lifecycle' for domain 'talker': Shutdown Finished after host request",
    )
    expect(events.lines).toContain("event 'lifecycle' for domain 'talker': Stopped Destroyed")
    expect(events.lines).toContain(
      "event 'agent-lifecycle' for domain 'talker': state: 'disconnected' reason: 'domain started'",
    )
  })

  it('shutdown', async () => {
    demo.control.setGuest('lab', 'two', { shutdownMs: 50 })
    expect(await output('shutdown', 'two')).toContain("Domain 'two' is being shutdown")
    await vi.waitFor(async () => expect(await output('domstate', 'two')).toBe('shut off'), {
      timeout: 30_000,
    })
  })

  it('migrate between two demo hosts, conducted by the client and by the source', async () => {
    await output('migrate', '--live', '--persistent', '--undefinesource', 'mover', there)
    await output('migrate', '--live', '--p2p', '--persistent', 'walker', there)
    const arrived = (await virsh(there, 'list', '--name')).stdout.trim().split('\n').toSorted()
    expect(arrived).toEqual(['mover', 'walker'])
    expect(await output('list', '--all', '--name')).not.toContain('mover')
    expect(await output('domstate', '--reason', 'walker')).toBe('shut off (migrated)')
    expect((await virsh(there, 'vcpucount', 'mover', '--live')).stdout.trim()).toBe('4')
  })

  it('capabilities, domcapabilities, nodeinfo', async () => {
    expect(await output('capabilities')).toMatch(/<cpu id='7' socket_id='0' .* siblings='6-7'\/>/)
    expect(await output('domcapabilities', '--machine', 'q35')).toContain("<vcpu max='4096'/>")
    expect(await failure('domcapabilities', '--machine', 'z9')).toContain("the machine 'z9' is not supported")
    const node = await output('nodeinfo')
    expect(node).toMatch(/^CPU\(s\): +8$/m)
    expect(node).toMatch(/^Thread\(s\) per core: +2$/m)
  })

  it('works on libvirt 9.0 too', async () => {
    const old = demo.hosts[2]?.uri ?? ''
    expect((await virsh(old, 'version', '--daemon')).stdout).toContain('Running against daemon: 9.0.0')
    expect((await virsh(old, 'setvcpus', 'grey', '3', '--live')).code).toBe(0)
    expect((await virsh(old, 'vcpucount', 'grey', '--live')).stdout.trim()).toBe('3')
  })
})
