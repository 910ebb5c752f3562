import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hotplugUnitSize, vcpusOf } from '../cpu-topology.ts'
import { definition, downFacts, vmFacts } from '../sockets-rules/vm-facts.fixture.ts'
import type { VmFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus } from '../sockets-rules/whole-sockets.ts'
import type { PreparationFacts } from './ceiling.ts'
import { changedDefinition } from './changed-definition.ts'
import { planPreparation, type PreparationWish } from './plan-preparation.ts'

function facts(vm: VmFacts, rest: Partial<Omit<PreparationFacts, 'vm'>> = {}): PreparationFacts {
  return { vm, emulated: false, numaCells: 0, ...rest }
}

const ordinary = downFacts(definition({ maximum: 4, present: 4, fixed: 4 }))
const onHost = (cpus: number) => facts({ ...ordinary, host: { ...ordinary.host, cpus } })
const power = downFacts(definition({ maximum: 8, present: 4, fixed: 4, topology: { threads: 2 } }), {
  arch: 'ppc64le',
  machine: 'pseries-9.2',
  unitSize: 2,
})

describe('the proposal', () => {
  it.each<{
    title: string
    facts: PreparationFacts
    wish?: PreparationWish
    socketsMax: number
    why: string
  }>([
    {
      title: "doubles today's count",
      facts: facts(ordinary),
      socketsMax: 8,
      why: "Twice today's 4 sockets.",
    },
    {
      title: 'counts the running machine where there is one',
      facts: facts(
        vmFacts({
          live: definition({ maximum: 8, present: 6 }),
          config: definition({ maximum: 8, present: 2 }),
        }),
      ),
      socketsMax: 12,
      why: "Twice today's 6 sockets.",
    },
    {
      title: 'stays below what the host recommends, which is one vCPU for each of its CPUs',
      facts: onHost(5),
      socketsMax: 5,
      why: 'The host recommends at most 5 vCPUs for one VM.',
    },
    {
      title: 'stays below what the machine type takes',
      facts: facts({ ...ordinary, host: { ...ordinary.host, machineMaximum: 7 } }),
      socketsMax: 7,
      why: 'Machine type pc-q35-9.2 takes at most 7 vCPUs.',
    },
    {
      title: "stays below the guest edition's sockets",
      facts: facts({
        ...downFacts(definition({ maximum: 1, present: 1 })),
        guest: { ...ordinary.guest, name: 'Windows 11 Home', socketsMax: 1 },
      }),
      socketsMax: 1,
      why: 'The definition already has room for 1 socket.',
    },
    {
      title: 'is never less than the VM has',
      facts: onHost(2),
      socketsMax: 4,
      why: 'The definition already has room for 4 sockets.',
    },
    {
      title: 'keeps room that is already there',
      facts: facts(downFacts(definition({ maximum: 32, present: 2 }))),
      socketsMax: 32,
      why: 'The definition already has room for 32 sockets.',
    },
    {
      title: 'counts in whole sockets of the wished shape',
      facts: onHost(7),
      wish: { shape: { cores: 2 } },
      socketsMax: 3,
      why: 'The host recommends at most 7 vCPUs for one VM.',
    },
  ])('$title', ({ facts: given, wish, socketsMax, why }) => {
    const { proposal } = planPreparation(given, wish)
    expect(proposal).toMatchObject({ socketsMax, why })
    expect(proposal.bounds).toEqual(proposal.bounds.toSorted((a, b) => a.socketsMax - b.socketsMax))
  })
})

describe('the plan', () => {
  it('raises the maximum and makes all but vCPU 0 removable', () => {
    const plan = planPreparation(facts(ordinary))
    expect(plan).toMatchObject({
      allowed: true,
      reasons: [],
      removable: true,
      changes: [
        'Room for 8 sockets (8 vCPUs) instead of 4 sockets (4 vCPUs).',
        'vCPU 1-3 become removable while the VM runs.',
      ],
      warnings: [],
      cost: { emptySlots: 4, guestMemoryMib: 1 },
      liveRange: { min: 1, max: 8 },
      takesEffect: 'at-start',
    })
    expect(plan.to).toEqual(definition({ maximum: 8, present: 4, fixed: 1 }))
  })

  it('keeps the whole core of vCPU 0 fixed on Power', () => {
    const plan = planPreparation(facts(power))
    expect(plan.to?.vcpus.filter((vcpu) => !vcpu.hotpluggable).map((vcpu) => vcpu.id)).toEqual([0, 1])
    expect(plan.to?.topology).toMatchObject({ sockets: 4, threads: 2 })
    expect(plan.changes).toEqual(['vCPU 2-3 become removable while the VM runs.'])
    expect(plan.liveRange).toEqual({ min: 1, max: 4 })
  })

  it('of a running VM takes effect after a full stop and start', () => {
    expect(planPreparation(facts(vmFacts())).takesEffect).toBe('next-start')
  })

  it('changes nothing where everything is as it should be', () => {
    expect(planPreparation(facts(downFacts(definition({ maximum: 8, present: 2 })))).changes).toEqual([])
  })

  it('raises the count together with the maximum', () => {
    const plan = planPreparation(facts(ordinary), { sockets: 6 })
    expect(plan.changes[1]).toBe('6 vCPUs at start instead of 4.')
    expect(plan.to && presentVcpus(plan.to)).toBe(6)
    expect(plan.liveRange).toEqual({ min: 1, max: 8 })
  })

  it('makes room for a count above the proposal', () => {
    const plan = planPreparation(facts(ordinary), { sockets: 20 })
    expect(plan).toMatchObject({ allowed: true, liveRange: { min: 1, max: 20 } })
  })

  it('changes cores and threads, and keeps the number of vCPUs in whole sockets', () => {
    const plan = planPreparation(facts(downFacts(definition({ maximum: 3, present: 3, fixed: 3 }))), {
      shape: { cores: 2 },
    })
    expect(plan.changes[0]).toBe('Cores in a socket: 2 instead of 1.')
    expect(plan.to).toMatchObject({ topology: { sockets: 4, cores: 2 }, topologyDeclared: true, maximum: 8 })
    expect(plan.to && presentVcpus(plan.to)).toBe(4)
  })

  it('leaves boot vCPUs fixed where that is wished', () => {
    const plan = planPreparation(facts(ordinary), { removable: false })
    expect(plan.liveRange).toEqual({ min: 4, max: 8 })
  })

  it.each([
    {
      title: 'the guest gives none back',
      vm: { ...ordinary, guest: { ...ordinary.guest, unplug: '-' as const } },
    },
    { title: 'QEMU gives none back', vm: { ...ordinary, arch: 's390x', machine: 's390-ccw-virtio-9.2' } },
  ])('marks nothing removable where $title, unless it is wished', ({ vm }) => {
    expect(planPreparation(facts(vm)).liveRange?.min).toBe(4)
    const wished = planPreparation(facts(vm), { removable: true })
    expect(wished.liveRange?.min).toBe(1)
    expect(wished.warnings.map((warning) => warning.code)).toEqual(['cannot-shrink'])
  })
})

describe('the plan is refused', () => {
  const { config: _none, ...transient } = vmFacts()
  it.each<{ title: string; vm: VmFacts; wish?: PreparationWish; codes: readonly string[] }>([
    { title: 'without a stored definition', vm: transient, codes: ['not-persistent'] },
    {
      title: 'on a host that is not connected',
      vm: { ...ordinary, host: { ...ordinary.host, online: false } },
      codes: ['host-offline'],
    },
    {
      title: 'during a migration',
      vm: { ...vmFacts(), status: 'migrating' },
      codes: ['migration-in-progress'],
    },
    { title: 'while the VM is paused', vm: { ...vmFacts(), status: 'paused' }, codes: ['vm-status'] },
    { title: 'with zero sockets', vm: ordinary, wish: { sockets: 0 }, codes: ['below-minimum'] },
    { title: 'with half a core', vm: ordinary, wish: { shape: { cores: 1.5 } }, codes: ['below-minimum'] },
    { title: 'below the count at start', vm: ordinary, wish: { socketsMax: 3 }, codes: ['below-minimum'] },
    {
      title: 'above the machine type',
      vm: { ...ordinary, host: { ...ordinary.host, machineMaximum: 16 } },
      wish: { socketsMax: 17 },
      codes: ['host-maximum'],
    },
    {
      title: 'with more vCPUs at start than host CPUs, where that is enforced',
      vm: {
        ...ordinary,
        host: { ...ordinary.host, cpus: 4 },
        settings: { ...ordinary.settings, hostCpuLimit: 'enforce' },
      },
      wish: { sockets: 5 },
      codes: ['host-maximum'],
    },
    {
      title: 'with more sockets at start than the edition uses',
      vm: { ...ordinary, guest: { ...ordinary.guest, socketsMax: 4 } },
      wish: { sockets: 5 },
      codes: ['above-maximum'],
    },
    {
      title: 'with removable vCPUs on a machine that cannot plug them',
      vm: { ...ordinary, arch: 'aarch64', machine: 'virt-9.2' },
      wish: { removable: true },
      codes: ['arch-blocked'],
    },
    {
      title: 'for every reason at once',
      vm: { ...ordinary, host: { ...ordinary.host, online: false, machineMaximum: 8 } },
      wish: { sockets: 9 },
      codes: ['host-offline', 'host-maximum'],
    },
  ])('$title', ({ vm, wish, codes }) => {
    const plan = planPreparation(facts(vm), wish)
    expect(plan.reasons.map((reason) => reason.code)).toEqual(codes)
    expect(plan.allowed).toBe(false)
  })
})

describe('the plan warns', () => {
  it.each<{ facts: PreparationFacts; wish?: PreparationWish; codes: readonly string[] }>([
    {
      facts: onHost(6),
      wish: { socketsMax: 7 },
      codes: ['above-recommended'],
    },
    {
      facts: facts({ ...ordinary, guest: { ...ordinary.guest, socketsMax: 4 } }),
      wish: { socketsMax: 5 },
      codes: ['guest-edition'],
    },
    {
      facts: onHost(4096),
      wish: { socketsMax: 256 },
      codes: ['guest-memory', 'interrupt-remapping'],
    },
    { facts: facts({ ...ordinary, arch: 'i686' }), wish: { socketsMax: 9 }, codes: ['guest-32-bit'] },
    { facts: facts(ordinary, { numaCells: 2 }), codes: ['numa-cells'] },
    { facts: facts(ordinary, { emulated: true }), codes: ['emulation-limit'] },
  ])('of $codes', ({ facts: given, wish, codes }) => {
    const plan = planPreparation(given, wish)
    expect(plan.warnings.map((warning) => warning.code)).toEqual(codes)
    expect(plan.allowed).toBe(true)
  })
})

describe('for every definition and wish', () => {
  const unit = fc.constantFrom(1, 2, 4)
  const wishes = fc
    .record({
      threads: unit,
      sockets: fc.integer({ min: 1, max: 6 }),
      presentUnits: fc.integer({ min: 1, max: 6 }),
      fixedUnits: fc.integer({ min: 1, max: 6 }),
      extra: fc.nat({ max: 6 }),
      wished: fc.option(fc.integer({ min: 1, max: 6 })),
      cores: fc.option(fc.integer({ min: 1, max: 3 })),
      removable: fc.boolean(),
      arch: fc.constantFrom('x86_64', 'ppc64le'),
    })
    .map((drawn) => {
      const present = Math.min(drawn.presentUnits, drawn.sockets) * drawn.threads
      const stored = definition({
        maximum: drawn.sockets * drawn.threads,
        present,
        fixed: Math.min(drawn.fixedUnits * drawn.threads, present),
        topology: { threads: drawn.threads },
      })
      return {
        stored,
        arch: drawn.arch,
        wish: {
          socketsMax: 6 + drawn.extra,
          removable: drawn.removable,
          ...(drawn.wished !== null && { sockets: drawn.wished }),
          ...(drawn.cores !== null && { shape: { cores: drawn.cores } }),
        },
      }
    })

  it('libvirt would take the changed definition', () => {
    fc.assert(
      fc.property(wishes, ({ stored, arch, wish }) => {
        const changed = changedDefinition(stored, arch, wish)
        expect(vcpusOf(changed.topology)).toBe(changed.maximum)
        expect(changed.vcpus.map((vcpu) => vcpu.id)).toEqual(
          Array.from({ length: changed.maximum }, (_, id) => id),
        )
        expect(changed.vcpus[0]).toMatchObject({ enabled: true, hotpluggable: false })
        const present = changed.vcpus.filter((vcpu) => vcpu.enabled)
        const firstRemovable = present.findIndex((vcpu) => vcpu.hotpluggable)
        const following = firstRemovable === -1 ? [] : present.slice(firstRemovable)
        expect(following.filter((vcpu) => !vcpu.hotpluggable)).toEqual([])
        expect(changed.vcpus.filter((vcpu) => !vcpu.enabled && !vcpu.hotpluggable)).toEqual([])
        const size = hotplugUnitSize(arch, changed.topology)
        for (const vcpu of changed.vcpus) {
          const leader = changed.vcpus[vcpu.id - (vcpu.id % size)]
          expect([vcpu.enabled, vcpu.hotpluggable]).toEqual([leader?.enabled, leader?.hotpluggable])
        }
      }),
    )
  })

  it('a second preparation with the same wish changes nothing more', () => {
    fc.assert(
      fc.property(wishes, ({ stored, arch, wish }) => {
        const once = changedDefinition(stored, arch, wish)
        expect(changedDefinition(once, arch, wish)).toEqual(once)
      }),
    )
  })
})
