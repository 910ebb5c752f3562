import { randomUUID } from 'node:crypto'
import {
  connectGetAllDomainStats,
  connectListAllDomains,
  domainCreateWithFlags,
  domainDestroyFlags,
  domainGetControlInfo,
  domainGetEmulatorPinInfo,
  domainGetGuestInfo,
  domainGetGuestVcpus,
  domainGetHostname,
  domainGetJobStats,
  domainGetMessages,
  domainGetMetadata,
  domainGetState,
  domainGetVcpuPinInfo,
  domainGetVcpusFlags,
  domainGetXmlDesc,
  domainManagedSave,
  domainPinEmulator,
  domainPinVcpuFlags,
  domainReboot,
  type DomainRef,
  domainReset,
  domainSetGuestVcpus,
  domainSetMetadata,
  domainSetVcpu,
  domainSetVcpusFlags,
  domainShutdownFlags,
  domainUndefineFlags,
  LibvirtError,
  type Procedure,
} from '@coreshift/libvirt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, call, define, remove, vcpuLines, xmlOf } from '../conformance/bench.ts'
import { openDemoBench } from '../support/demo-bench.ts'
import { openRealBench } from '../support/real-bench.ts'

// Every combination of flags, on a real and on a simulated domain that were made alike: the same calls go through, the
// others are refused with the same code, and both stored definitions stay alike.

const LIVE = 1
const ASYNC_COUNT = 32
const ASYNC_CHOSEN = 4

interface Side {
  readonly bench: Bench
  readonly domain: DomainRef
}

let real: Side
let simulated: Side

async function open(bench: Bench): Promise<Side> {
  const defined = await define(bench, 'firmware', `flags-${process.pid}`, randomUUID())
  const { domain } = await call(bench, domainCreateWithFlags, { domain: defined, flags: 0 })
  await call(bench, domainSetVcpusFlags, { domain, count: 4, flags: LIVE })
  return { bench, domain }
}

beforeAll(async () => {
  real = await open(await openRealBench())
  // The simulation knows the newest libvirt and the one of Debian 12; what is compared does not differ in between.
  const async = real.bench.connection.supportsAsyncVcpuUnplug
  simulated = await open(await openDemoBench(async ? '12.8.0' : '9.0.0'))
})
afterAll(async () => {
  for (const { bench, domain } of [real, simulated]) {
    await remove(bench, domain)
    await bench.end()
  }
})

async function outcome<A, R>({ bench }: Side, procedure: Procedure<A, R>, args: A): Promise<string> {
  try {
    await call(bench, procedure, args)
    return 'accepted'
  } catch (error) {
    if (error instanceof LibvirtError) return `${error.code} from ${error.domain}: ${error.message}`
    throw error
  }
}

/** Runs a call on both sides and compares outcome and definitions. */
async function compare<A, R>(
  what: string,
  procedure: Procedure<A, R>,
  args: (domain: DomainRef) => A,
): Promise<void> {
  const [expected, actual] = [
    await outcome(real, procedure, args(real.domain)),
    await outcome(simulated, procedure, args(simulated.domain)),
  ]
  expect(actual, what).toBe(expected)
  for (const stored of [true, false]) {
    const [truth, ours] = [
      vcpuLines(await xmlOf(real.bench, real.domain, stored)),
      vcpuLines(await xmlOf(simulated.bench, simulated.domain, stored)),
    ]
    expect(ours, `${what}: the ${stored ? 'stored' : 'live'} definition`).toEqual(truth)
  }
}

describe('every combination of flags', () => {
  it.each([0, 1, 4, 9])('of a request for %i vCPUs', async (count) => {
    for (let flags = 0; flags < 128; flags++) {
      // A synchronous removal would only wait: nobody in there lets go.
      const removes = count > 0 && count < 4 && (flags & ASYNC_COUNT) === 0 && (flags & 2) === 0
      if (removes) continue
      await compare(`count ${count}, flags ${flags}`, domainSetVcpusFlags, (domain) => ({
        domain,
        count,
        flags,
      }))
    }
  })

  it.each([
    ['0', 0],
    ['2', 1],
    ['5', 1],
    ['3', 0],
    ['6-7', 1],
    ['20', 1],
  ] as const)('of a request for vCPU %j to state %i', async (vcpus, state) => {
    for (let flags = 0; flags < 16; flags++) {
      const live = (flags & 2) === 0 || (flags & LIVE) !== 0
      if (state === 0 && vcpus !== '0' && live && (flags & ASYNC_CHOSEN) === 0) continue
      const args = (domain: DomainRef) => ({ domain, vcpus, state, flags })
      await compare(`vCPU ${vcpus}, state ${state}, flags ${flags}`, domainSetVcpu, args)
    }
  })

  it('of a question for the number of vCPUs', async () => {
    for (let flags = 0; flags < 32; flags++) {
      await compare(`flags ${flags}`, domainGetVcpusFlags, (domain) => ({ domain, flags }))
    }
  })
})

describe('a flag that does not exist', () => {
  const map = new Uint8Array([1])
  const metadata = { type: 0, metadata: 'x', key: null, uri: null }
  const cases: [string, (side: Side) => Promise<string>][] = [
    ['list', (side) => outcome(side, connectListAllDomains, { needResults: 0, flags: 1 << 20 })],
    [
      'statistics',
      (side) => outcome(side, connectGetAllDomainStats, { domains: [side.domain], stats: 1, flags: 1 << 12 }),
    ],
    ...withFlags([1, 64], {
      state: domainGetState,
      'control info': domainGetControlInfo,
      'guest vCPUs': domainGetGuestVcpus,
      reset: domainReset,
    }),
    ...withFlags([4, 128], { messages: domainGetMessages, 'job statistics': domainGetJobStats }),
    ...withFlags([16, 1024], { XML: domainGetXmlDesc }),
    ...withFlags([64, 1024], {
      reboot: domainReboot,
      shutdown: domainShutdownFlags,
      'managed save': domainManagedSave,
      create: domainCreateWithFlags,
    }),
    ...withFlags([4, 64], { destroy: domainDestroyFlags, hostname: domainGetHostname }),
    ...withFlags([128, 1024], { undefine: domainUndefineFlags }),
    [
      'metadata',
      (side) => outcome(side, domainGetMetadata, { domain: side.domain, type: 0, uri: null, flags: 4 }),
    ],
    [
      'set metadata',
      (side) => outcome(side, domainSetMetadata, { domain: side.domain, ...metadata, flags: 4 }),
    ],
    [
      'both metadata',
      (side) => outcome(side, domainGetMetadata, { domain: side.domain, type: 0, uri: null, flags: 3 }),
    ],
    ['pin', (side) => outcome(side, domainPinVcpuFlags, { domain: side.domain, vcpu: 0, map, flags: 4 })],
    ['pin emulator', (side) => outcome(side, domainPinEmulator, { domain: side.domain, map, flags: 4 })],
    [
      'pins',
      (side) =>
        outcome(side, domainGetVcpuPinInfo, { domain: side.domain, mapCount: 8, mapLength: 1, flags: 4 }),
    ],
    [
      'both pins',
      (side) =>
        outcome(side, domainGetVcpuPinInfo, { domain: side.domain, mapCount: 8, mapLength: 1, flags: 3 }),
    ],
    [
      'emulator pins',
      (side) => outcome(side, domainGetEmulatorPinInfo, { domain: side.domain, mapLength: 1, flags: 4 }),
    ],
    ['guest info', (side) => outcome(side, domainGetGuestInfo, { domain: side.domain, types: 0, flags: 1 })],
    [
      'set guest vCPUs',
      (side) => outcome(side, domainSetGuestVcpus, { domain: side.domain, vcpus: '1', state: 0, flags: 1 }),
    ],
    [
      'guest vCPU state',
      (side) => outcome(side, domainSetGuestVcpus, { domain: side.domain, vcpus: '1', state: 2, flags: 0 }),
    ],
    [
      'no pin',
      (side) =>
        outcome(side, domainPinVcpuFlags, {
          domain: side.domain,
          vcpu: 0,
          map: new Uint8Array([0]),
          flags: 1,
        }),
    ],
    [
      'metadata type',
      (side) => outcome(side, domainGetMetadata, { domain: side.domain, type: 7, uri: null, flags: 0 }),
    ],
    [
      'metadata uri',
      (side) => outcome(side, domainGetMetadata, { domain: side.domain, type: 2, uri: null, flags: 0 }),
    ],
    [
      'title with URI',
      (side) => outcome(side, domainGetMetadata, { domain: side.domain, type: 1, uri: 'x', flags: 0 }),
    ],
    [
      'title of two lines',
      (side) =>
        outcome(side, domainSetMetadata, {
          domain: side.domain,
          ...metadata,
          type: 1,
          metadata: 'a\nb',
          flags: 1,
        }),
    ],
    [
      'element without key',
      (side) =>
        outcome(side, domainSetMetadata, {
          domain: side.domain,
          ...metadata,
          type: 2,
          metadata: '<a/>',
          uri: 'urn:x',
          flags: 1,
        }),
    ],
    [
      'element that is none',
      (side) =>
        outcome(side, domainSetMetadata, {
          domain: side.domain,
          type: 2,
          metadata: '<a',
          key: 'k',
          uri: 'urn:k',
          flags: 1,
        }).then((text) => text.slice(0, 10)),
    ],
  ]

  it.each(cases)('%s: is answered the same', async (_what, run) => {
    expect(await run(simulated)).toBe(await run(real))
  })
})

function withFlags(
  flags: readonly number[],
  procedures: Readonly<Record<string, Procedure<{ domain: DomainRef; flags: number }, unknown>>>,
): [string, (side: Side) => Promise<string>][] {
  return Object.entries(procedures).flatMap(([name, procedure]) =>
    flags.map((each): [string, (side: Side) => Promise<string>] => [
      `${name} with ${each}`,
      (side) => outcome(side, procedure, { domain: side.domain, flags: each }),
    ]),
  )
}
