import { PacketReader, readHeader } from '@coreshift/libvirt/wire'
import { describe, expect, it } from 'vitest'
import { defineDomain } from '../src/hypervisor/define-domain.ts'
import { DemoHost } from '../src/hypervisor/demo-host.ts'
import { startMachine } from '../src/hypervisor/guest-power.ts'
import { Daemon } from '../src/server/daemon.ts'
import type { DaemonVersion } from '../src/index.ts'
import { VirtualClock } from '../src/index.ts'
import { type RecordedPacket, readRecording, replyBody } from './support/recorded-packets.ts'

const HARDWARE = {
  memoryKib: 9_005_272,
  mhz: 2250,
  nodes: 1,
  socketsPerNode: 1,
  coresPerSocket: 2,
  threadsPerCore: 1,
}

/** The domains that the recorded daemons had, as far as the calls look at them. */
const PPC = `<domain type='qemu'><name>ppc</name><uuid>27fe1c41-4d1a-4ab0-a08e-fd318a488aab</uuid>
  <memory unit='KiB'>1048576</memory><vcpu current='4'>8</vcpu>
  <os><type arch='ppc64le' machine='pseries'>hvm</type></os>
  <cpu><topology sockets='4' cores='1' threads='2'/></cpu></domain>`
const GUEST = `<domain type='qemu'><name>guest</name><uuid>5fbc438c-1791-4bde-b74f-945bd415c0d0</uuid>
  <memory unit='KiB'>262144</memory><vcpu current='2'>4</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`
const AGENT = `<domain type='qemu'><name>agent</name><uuid>11111111-2222-4333-8444-555555555555</uuid>
  <memory unit='KiB'>262144</memory><vcpu current='2'>4</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`
const LASTCPU = PPC.replace('<name>ppc<', '<name>lastcpu<').replace(
  '27fe1c41-4d1a-4ab0-a08e-fd318a488aab',
  '11111111-2222-4333-8444-666666666666',
)

interface Replay {
  /** Replies by serial of the call, ours and the recorded one. */
  readonly pairs: readonly { readonly procedure: string; readonly ours: Buffer; readonly recorded: Buffer }[]
  readonly reports: readonly unknown[]
}

/** Plays a recorded client against a simulated daemon, in the recorded rhythm. */
async function replay(name: string, version: DaemonVersion = '12.8.0'): Promise<Replay> {
  const clock = new VirtualClock()
  const host = new DemoHost({ name: 'recorded', version, hardware: HARDWARE, clock, seed: 1 })
  for (const xml of [GUEST, PPC, AGENT, LASTCPU]) {
    const domain = defineDomain(host, xml)
    domain.guest.bootMs = 4000
    domain.shutoffReason = 2
    // The x86 guests ran under software emulation, where the completion is held back.
    if (domain.definition.arch === 'x86_64') domain.guest.behaviour = 'drops-completion'
  }
  const ppc = host.byName('ppc')
  for (let id = 1; id < 26; id++) host.takeId()
  startMachine(host, ppc, ppc.stored())
  const daemon = new Daemon(host)
  const answered = new Map<number, Buffer>()
  const reader = new PacketReader((bytes, start, end) => {
    const packet = Buffer.from(bytes.subarray(start, end))
    const header = readHeader(packet)
    if (header.type === 1) answered.set(header.serial, packet)
  })
  const session = daemon.accept({
    write: (bytes) => reader.push(bytes),
    end: () => undefined,
    destroy: () => undefined,
  })
  const packets = readRecording(name)
  for (let id = firstCallbackId(packets); id > 0; id--) daemon.takeCallbackId()
  for (const packet of packets) {
    if (!packet.fromClient) continue
    await clock.advance(Math.max(0, packet.atMs - (clock.now() - START)))
    session?.receive(packet.bytes)
    await clock.advance(0)
  }
  await clock.advance(40_000)
  const pairs = packets
    .filter((packet) => packet.isReply)
    .flatMap(({ serial, procedure, bytes }) => {
      const ours = answered.get(serial)
      expect(ours, `${name}: no answer to ${procedure}, serial ${serial}`).toBeDefined()
      return ours === undefined ? [] : [{ procedure, ours, recorded: bytes }]
    })
  daemon.dispose()
  for (const { machine } of host.domains.values()) machine?.halt()
  return { pairs, reports: daemon.reports }
}

/** The recorded daemons had handed out ids before; deregistrations in the recordings name them. */
function firstCallbackId(packets: readonly RecordedPacket[]): number {
  for (const packet of packets) {
    const body = packet.isReply ? replyBody(packet.bytes) : { result: null }
    if (!('result' in body) || typeof body.result !== 'object' || body.result === null) continue
    if ('callbackId' in body.result) return Number(body.result.callbackId)
  }
  return 0
}

/** Calls of devices other than vCPUs, which a simulated host does not have. */
const NOT_OFFERED = new Set(['160', '392'])

const START = new VirtualClock().now()

/** Texts that come from libraries below libvirt, or name things that differ by intent; their codes still agree. */
const OWN_WORDS = new Set([35])

describe('a recorded client gets the answers that the real daemon gave', () => {
  it.each([
    ['errors', '12.8.0'],
    ['errors-before-open-and-read-only', '12.8.0'],
    ['libvirt-9.0-async-refused', '9.0.0'],
  ] as const)('%s: every error with its code, words and details', async (name, version) => {
    const { pairs, reports } = await replay(name, version)
    expect(reports).toEqual([])
    for (const { procedure, ours, recorded } of pairs) {
      const expected = replyBody(recorded)
      const actual = replyBody(ours)
      if (!('error' in expected)) {
        expect(actual, `${name} ${procedure}`).not.toHaveProperty('error')
        continue
      }
      const words = OWN_WORDS.has(expected.error.code)
        ? { code: expected.error.code, domain: expected.error.domain }
        : expected.error
      expect(actual, `${name} ${procedure}`).toMatchObject({ error: words })
    }
  })

  it('queries: the same results for the same domains, times and versions apart', async () => {
    const { pairs } = await replay('queries')
    for (const { procedure, ours, recorded } of pairs) {
      const expected = replyBody(recorded)
      const actual = replyBody(ours)
      if ('error' in expected) expect(actual, procedure).toEqual(expected)
      else expect(timeless(actual), procedure).toEqual(timeless(expected))
    }
  })

  it.each(['async-unplug-four-vcpus', 'async-unplug-per-entity', 'lifecycle-metadata-pin-job'] as const)(
    '%s: the same calls succeed and the same calls fail',
    async (name) => {
      const { pairs, reports } = await replay(name)
      expect(reports).toEqual([])
      const outcome = (bytes: Buffer): unknown => {
        const body = replyBody(bytes)
        return 'error' in body ? body.error.code : 'ok'
      }
      const offered = pairs.filter(({ procedure }) => !NOT_OFFERED.has(procedure))
      const ours = offered.map((pair) => `${pair.procedure} ${String(outcome(pair.ours))}`)
      const recorded = offered.map((pair) => `${pair.procedure} ${String(outcome(pair.recorded))}`)
      expect(ours).toEqual(recorded)
    },
  )
})

/** Results without what differs between any two hosts: CPU times, the CPU a vCPU just ran on. */
function timeless(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) => {
      if (key === 'cpuTimeNs' || key === 'hostCpu') return 'any'
      return typeof value === 'bigint' ? String(value) : value
    }),
  )
}
