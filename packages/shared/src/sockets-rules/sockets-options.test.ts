import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SocketsOption } from '../contract/sockets-options.ts'
import { judgeSockets } from './judge-sockets.ts'
import { minLiveSockets, socketsOptions } from './sockets-options.ts'
import { REASON_VCPUS_MAX } from './sockets-refusal.ts'
import { definition, downFacts, vmFacts } from './vm-facts.fixture.ts'
import type { VmFacts } from './vm-facts.ts'

const power = vmFacts({
  arch: 'ppc64le',
  live: definition({ maximum: 32, present: 8, fixed: 4, topology: { sockets: 16, threads: 2 } }),
})

describe('the options for every value', () => {
  it('go from 1 to the maximum, in whole sockets', () => {
    const options = socketsOptions(power)
    expect(options.map((option) => option.sockets)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    )
    expect(options.map((option) => option.vcpus)).toEqual(
      Array.from({ length: 16 }, (_, index) => 2 * (index + 1)),
    )
  })

  it('mark the present value, and only that one', () => {
    expect(
      socketsOptions(power)
        .filter((option) => option.current)
        .map((option) => option.sockets),
    ).toEqual([4])
  })

  it('mark no value when the live count is no whole number of sockets', () => {
    const facts = vmFacts({ live: definition({ maximum: 8, present: 3, topology: { cores: 2 } }) })
    expect(socketsOptions(facts).filter((option) => option.current)).toEqual([])
  })

  it('go up to the larger of the running and the stored maximum', () => {
    const facts = vmFacts({
      live: definition({ maximum: 4, present: 2 }),
      config: definition({ maximum: 8, present: 2 }),
    })
    const verdicts = socketsOptions(facts).map((option) => [option.live.allowed, option.nextBoot.allowed])
    expect(verdicts).toEqual([
      ...Array.from({ length: 4 }, () => [true, true]),
      ...Array.from({ length: 4 }, () => [false, true]),
    ])
  })

  it('tell the number of vCPUs at the next boot where the stored sockets are of another size', () => {
    const facts = vmFacts({
      live: definition({ maximum: 4, present: 2 }),
      config: definition({ maximum: 8, present: 4, topology: { cores: 2 } }),
    })
    expect(socketsOptions(facts).map((option) => [option.vcpus, option.nextBootVcpus])).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
      [4, 8],
    ])
  })

  it('warn of more vCPUs than the host has CPUs, where the setting is to warn only', () => {
    const host = { ...power.host, cpus: 28 }
    const warned = (facts: VmFacts) =>
      socketsOptions(facts).flatMap((one) => (one.warnings ? [one.sockets] : []))
    expect(warned({ ...power, host })).toEqual([15, 16])
    expect(socketsOptions({ ...power, host })[15]).toMatchObject({
      live: { allowed: true },
      warnings: ['The host has 28 CPUs; more vCPUs than that take turns on them.'],
    })
    const enforced = { ...power, host, settings: { ...power.settings, hostCpuLimit: 'enforce' } as const }
    expect(warned(enforced)).toEqual([])
    expect(socketsOptions(enforced)[15]?.live.reasons).toMatchObject([{ code: 'host-maximum' }])
  })

  it('come from the stored definition when the VM is down', () => {
    const options = socketsOptions(downFacts(definition({ maximum: 4, present: 3 })))
    expect(options.map((option) => option.nextBoot.allowed)).toEqual([true, true, true, true])
    expect(options.every((option) => option.live.reasons[0]?.code === 'vm-status')).toBe(true)
    expect(options.find((option) => option.current)?.sockets).toBe(3)
  })

  it('are none for a VM of which nothing is known yet', () => {
    const { live: _live, config: _config, ...facts } = vmFacts()
    expect(socketsOptions(facts)).toEqual([])
    expect(minLiveSockets(facts)).toBe(1)
  })
})

describe('a VM with 4,096 vCPUs', () => {
  const all = Array.from({ length: 4096 }, (_, id) => id)
  const facts = vmFacts({
    live: definition({
      maximum: 4096,
      present: all,
      fixed: all.filter((id) => id % 2 === 0),
      pinned: all.filter((id) => id % 2 === 1),
    }),
  })
  const options = socketsOptions(facts)
  const reasons = new Set(options.flatMap((option) => [...option.live.reasons, ...option.nextBoot.reasons]))

  it('shares its reasons between the values instead of repeating the work', () => {
    expect(options).toHaveLength(4096)
    // One for the fixed vCPUs, one per number of pinned ones that is still spelled out, one for more.
    expect(reasons.size).toBe(1 + REASON_VCPUS_MAX + 1)
  })

  it('keeps every reason short', () => {
    for (const reason of reasons) {
      expect(reason.vcpus?.length ?? 0).toBeLessThanOrEqual(REASON_VCPUS_MAX)
      expect(reason.message.length).toBeLessThan(200)
    }
  })

  it('says how many vCPUs a sentence leaves unnamed', () => {
    expect(options[0]?.live.reasons.map((reason) => reason.message)).toEqual([
      'vCPU 2, 4, 6, 8, 10, 12, 14, 16 and 2039 more were present at boot and cannot be removed.',
      'vCPU 4081, 4083, 4085, 4087, 4089, 4091, 4093, 4095 and others are pinned to host CPUs, and pinned vCPUs are not removed.',
    ])
  })
})

describe('the lowest live value', () => {
  it.each([
    { title: 'is 1 socket in a prepared VM', facts: vmFacts(), expected: 1 },
    { title: 'is what was present at boot', facts: power, expected: 2 },
    {
      title: 'counts a socket that is fixed in part',
      facts: vmFacts({ live: definition({ maximum: 8, present: 6, fixed: 3, topology: { cores: 2 } }) }),
      expected: 2,
    },
    {
      title: 'is that of the next start when the VM is down',
      facts: downFacts(definition({ maximum: 8, present: 6, fixed: 5 })),
      expected: 5,
    },
  ])('$title', ({ facts, expected }) => {
    expect(minLiveSockets(facts)).toBe(expected)
  })
})

const support = fc.constantFrom('+', '-', 'reboot-required', 'unknown') satisfies fc.Arbitrary<
  VmFacts['guest']['plug']
>

const anyDefinition = fc
  .record({
    unit: fc.constantFrom(1, 2, 4),
    cores: fc.constantFrom(1, 2, 3),
    sockets: fc.integer({ min: 1, max: 6 }),
    presentUnits: fc.nat({ max: 17 }),
    fixedUnits: fc.nat({ max: 17 }),
    pinned: fc.uniqueArray(fc.nat({ max: 71 }), { maxLength: 6 }),
  })
  .map(({ unit, cores, sockets, presentUnits, fixedUnits, pinned }) => {
    const maximum = unit * cores * sockets
    const present = Math.min(maximum, (presentUnits + 1) * unit)
    return {
      unit,
      definition: definition({
        maximum,
        present,
        fixed: Math.min(present, (fixedUnits + 1) * unit),
        pinned,
        topology: { sockets, cores, threads: unit },
      }),
    }
  })

const anyFacts: fc.Arbitrary<VmFacts> = fc
  .record({
    live: fc.option(anyDefinition),
    config: fc.option(anyDefinition),
    status: fc.constantFrom('up', 'down', 'paused', 'migrating') satisfies fc.Arbitrary<VmFacts['status']>,
    arch: fc.constantFrom('x86_64', 'ppc64le', 's390x', 'aarch64'),
    plug: support,
    unplug: support,
    socketsMax: fc.option(fc.integer({ min: 1, max: 4 })),
    machineMaximum: fc.option(fc.integer({ min: 1, max: 64 })),
    cpus: fc.integer({ min: 1, max: 64 }),
    online: fc.boolean(),
    job: fc.option(fc.constantFrom('migration', 'other') satisfies fc.Arbitrary<'migration' | 'other'>),
    unplugDisabledBy: fc.option(
      fc.constantFrom('global', 'host', 'vm') satisfies fc.Arbitrary<'global' | 'host' | 'vm'>,
    ),
    pinnedRemovalAllowed: fc.boolean(),
    hostCpuLimit: fc.constantFrom('warn', 'enforce') satisfies fc.Arbitrary<'warn' | 'enforce'>,
  })
  .map((drawn) => {
    const { live: _live, config: _config, ...base } = vmFacts({ arch: drawn.arch, status: drawn.status })
    return {
      ...base,
      ...(drawn.live && { live: drawn.live.definition }),
      ...(drawn.config && { config: drawn.config.definition }),
      unitSize: (drawn.live ?? drawn.config)?.unit ?? 1,
      guest: {
        name: 'a guest',
        plug: drawn.plug,
        unplug: drawn.unplug,
        ...(drawn.socketsMax !== null && { socketsMax: drawn.socketsMax }),
      },
      host: {
        name: 'lab',
        online: drawn.online,
        cpus: drawn.cpus,
        ...(drawn.machineMaximum !== null && { machineMaximum: drawn.machineMaximum }),
      },
      ...(drawn.job !== null && { job: drawn.job }),
      settings: {
        pinnedRemovalAllowed: drawn.pinnedRemovalAllowed,
        hostCpuLimit: drawn.hostCpuLimit,
        ...(drawn.unplugDisabledBy !== null && { unplugDisabledBy: drawn.unplugDisabledBy }),
      },
    }
  })

describe('for every VM', () => {
  it('the option of a value and the verdict on a request for it are the same', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const option of socketsOptions(facts)) {
          expect(judgeSockets(facts, { sockets: option.sockets }, 'live')).toEqual(option.live)
          expect(judgeSockets(facts, { sockets: option.sockets }, 'nextBoot')).toEqual(option.nextBoot)
        }
      }),
    )
  })

  it('the options are what the contract says', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const option of socketsOptions(facts)) expect(SocketsOption.parse(option)).toEqual(option)
      }),
    )
  })

  it('a value is refused with a reason, and a value that is simply allowed has none', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { live, nextBoot } of socketsOptions(facts)) {
          for (const verdict of [live, nextBoot]) {
            expect(verdict.allowed && verdict.acknowledge === undefined).toBe(verdict.reasons.length === 0)
          }
        }
      }),
    )
  })

  it('no live value below the lowest one is allowed', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const allowed = socketsOptions(facts).filter((option) => option.live.allowed && !option.current)
        for (const option of allowed) expect(option.sockets).toBeGreaterThanOrEqual(minLiveSockets(facts))
      }),
    )
  })

  it('outside 1 to the maximum nothing is allowed, but that a VM that is down gets more room', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1, max: 5 }), (facts, distance) => {
        const beyond = socketsOptions(facts).length + distance
        for (const sockets of [0, -distance, beyond]) {
          for (const mode of ['live', 'nextBoot'] as const) {
            const isRaised = sockets === beyond && mode === 'nextBoot' && facts.status === 'down'
            if (!isRaised) expect(judgeSockets(facts, { sockets }, mode).allowed).toBe(false)
          }
        }
      }),
    )
  })
})
