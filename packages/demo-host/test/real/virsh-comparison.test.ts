import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Demo, startDemo } from '../../src/index.ts'
import { renamed } from '../support/guest-xml.ts'
import { realUri } from '../support/real-bench.ts'
import { ensureVirsh, virsh } from '../support/virsh.ts'

// The same definition on a real and on a simulated host, the same commands, the same output: apart from ids, times and
// whatever else no two runs share.

const LIMIT_MS = 240_000
const NAMES = ['agent', 'ppc'] as const
const suffix = `compare-${process.pid}`

let folder: string
let demo: Demo
let simulated: string
const real = realUri()

beforeAll(async () => {
  ensureVirsh()
  folder = await mkdtemp(join(tmpdir(), 'compare-'))
  const node = (await virsh(real, 'nodeinfo')).stdout
  const number = (label: string): number => Number(new RegExp(`^${label}: +(\\d+)`, 'm').exec(node)?.[1])
  demo = await startDemo({
    folder,
    story: [
      {
        name: 'lab',
        version: '12.8.0',
        hardware: {
          kvm: false,
          nodes: number('NUMA cell\\(s\\)'),
          socketsPerNode: number('CPU socket\\(s\\)'),
          coresPerSocket: number('Core\\(s\\) per socket'),
          threadsPerCore: number('Thread\\(s\\) per core'),
          mhz: number('CPU frequency'),
          memoryKib: number('Memory size'),
        },
        vms: [],
      },
    ],
  })
  simulated = demo.hosts[0]?.uri ?? ''
  for (const original of NAMES) {
    const { stdout } = await virsh(real, 'dumpxml', original, '--inactive')
    const file = join(folder, `${original}.xml`)
    await writeFile(file, renamed(stdout, original, nameOf(original), randomUUID()))
    for (const uri of [real, simulated]) await succeed(uri, 'define', file)
  }
  demo.control.setGuest('lab', nameOf('agent'), { agent: 'present', bootMs: 100 })
  for (const original of NAMES)
    for (const uri of [real, simulated]) await succeed(uri, 'start', nameOf(original))
  for (const uri of [real, simulated]) {
    const answered = async (): Promise<void> => void (await succeed(uri, 'guestvcpus', nameOf('agent')))
    await vi.waitFor(answered, { timeout: LIMIT_MS, interval: 1000 })
  }
}, LIMIT_MS)

afterAll(async () => {
  for (const original of NAMES) {
    await virsh(real, 'destroy', nameOf(original))
    await virsh(real, 'undefine', nameOf(original))
  }
  await demo.stop()
  await rm(folder, { recursive: true, force: true })
}, LIMIT_MS)

function nameOf(original: (typeof NAMES)[number]): string {
  return `${suffix}-${original}`
}

async function succeed(uri: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await virsh(uri, ...args)
  if (code !== 0) throw new Error(`virsh ${args.join(' ')} on ${uri}: ${stderr}`)
  return stdout
}

/** Output without what differs between any two runs of any two hosts. */
function comparable(text: string): string {
  return (
    text
      .replaceAll(/ id='\d+'>/g, " id='N'>")
      .replaceAll(/channel\/\d+-/g, 'channel/N-')
      .replace(/^Id: +\d+$/m, 'Id: N')
      .replace(/^CPU frequency: .*$/m, 'CPU frequency: N')
      .replaceAll(/^CPU: +\d+$/gm, 'CPU: N')
      // Left out by virsh for a vCPU that has not worked yet.
      .replaceAll(/^CPU time: +[\d.]+s\n/gm, '')
      .replace(/^Memory size: .*$/m, 'Memory size: N')
      .replaceAll(/^( {2}(?:cpu\.\w+|vcpu\.\d+\.(?:time|wait|delay)|balloon\.rss))=\d+$/gm, '$1=N')
      // The kit's QEMU runs as root, which taints its domains; a simulated QEMU does not.
      .replace(/^Messages: .*\n/m, '')
  )
}

async function both(...args: string[]): Promise<{ real: string; simulated: string }> {
  const run = async (uri: string): Promise<string> => {
    const { code, stdout, stderr } = await virsh(uri, ...args)
    return comparable(`exit code ${code}\n${stdout}${stderr}`)
  }
  return { real: await run(real), simulated: await run(simulated) }
}

const READING: readonly (readonly string[])[] = [
  ['dumpxml', 'VM'],
  ['dumpxml', 'VM', '--inactive'],
  ['dominfo', 'VM'],
  ['domstate', 'VM', '--reason'],
  ['vcpucount', 'VM'],
  ['vcpucount', 'VM', '--guest'],
  ['vcpuinfo', 'VM'],
  ['vcpupin', 'VM'],
  ['guestvcpus', 'VM'],
  ['domstats', 'VM'],
  ['desc', 'VM'],
  ['desc', 'VM', '--title'],
  ['metadata', 'VM', 'http://libosinfo.org/xmlns/libvirt/domain/1.0'],
  ['metadata', 'VM', 'urn:nothing'],
  ['domjobinfo', 'VM'],
]

const FAILING: readonly (readonly string[])[] = [
  ['setvcpus', 'VM', '99', '--live'],
  ['setvcpus', 'VM', '99', '--config'],
  ['setvcpus', 'VM', '33', '--maximum', '--config'],
  ['setvcpus', 'VM', '32', '--maximum', '--live', '--config'],
  ['setvcpus', 'VM', '1', '--live'],
  ['setvcpus', 'VM', '30', '--guest'],
  ['setvcpu', 'VM', '0', '--disable', '--live'],
  ['setvcpu', 'VM', '1', '--disable', '--live'],
  ['setvcpu', 'VM', '0', '--disable', '--config'],
  ['setvcpu', 'VM', '8', '--disable', '--live'],
  ['setvcpu', 'VM', '6-9', '--enable', '--live'],
  ['setvcpu', 'VM', '40', '--enable', '--live'],
  ['vcpupin', 'VM', '99', '0'],
  ['start', 'VM'],
  ['resume', 'VM'],
  ['domjobabort', 'VM'],
  ['vcpucount', 'VM', '--live', '--config'],
]

describe.each(NAMES)('virsh on %s', { timeout: LIMIT_MS }, (original) => {
  const withName = (args: readonly string[]): string[] =>
    args.map((each) => (each === 'VM' ? nameOf(original) : each))

  it.each(READING.map((args) => [args.join(' '), args] as const))(
    'prints the same: %s',
    async (_title, args) => {
      const output = await both(...withName(args))
      expect(output.simulated).toBe(output.real)
    },
  )

  it.each(FAILING.map((args) => [args.join(' '), args] as const))(
    'refuses the same way: %s',
    async (_title, args) => {
      const output = await both(...withName(args))
      expect(output.simulated).toBe(output.real)
      expect(output.real).not.toMatch(/^exit code 0/)
    },
  )

  it('shows the same after vCPUs were added, pinned and stored', async () => {
    const steps = [
      ['setvcpus', 'VM', '6', '--live'],
      ['setvcpu', 'VM', '8-9', '--enable', '--config'],
      ['setvcpus', 'VM', '8', '--config', '--hotpluggable'],
      ['vcpupin', 'VM', '1', '0', '--live', '--config'],
      ['vcpupin', 'VM', '9', '1', '--config'],
      ['desc', 'VM', '--live', '--config', `it's "here" & there`],
      ['metadata', 'VM', 'urn:x', '--key', 'k', '--set', '<a b="1">t<c/></a>', '--live', '--config'],
    ]
    for (const step of steps) {
      const output = await both(...withName(step))
      expect(output.simulated).toBe(output.real)
    }
    for (const args of READING.filter(
      ([command]) => command !== 'guestvcpus' && !command?.startsWith('domstats'),
    )) {
      if (args.includes('--guest')) continue
      const output = await both(...withName(args))
      expect(output.simulated, args.join(' ')).toBe(output.real)
    }
  })
})

describe('virsh on the host', { timeout: LIMIT_MS }, () => {
  it('prints the same: nodeinfo', async () => {
    const output = await both('nodeinfo')
    expect(output.simulated).toBe(output.real)
  })

  it('says of a domain that does not exist what libvirt says', async () => {
    const output = await both('domstate', 'no-such-domain')
    expect(output.simulated).toBe(output.real)
  })
})
