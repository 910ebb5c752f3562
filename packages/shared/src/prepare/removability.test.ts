import { describe, expect, it } from 'vitest'
import { definition, downFacts, vmFacts } from '../sockets-rules/vm-facts.fixture.ts'
import { nextBootDifference } from './next-boot-difference.ts'
import { forecastRemovability } from './removability.ts'

describe('the removability of each vCPU', () => {
  it('is told for now and for after the next boot', () => {
    const forecast = forecastRemovability(
      vmFacts({
        live: definition({ maximum: 6, present: 5, fixed: 2, pinned: [3] }),
        config: definition({ maximum: 6, present: 4, fixed: 3, pinned: [3] }),
      }),
    )
    expect(forecast.vcpus).toEqual([
      { id: 0, now: 'fixed', nextBoot: 'fixed' },
      { id: 1, now: 'fixed', nextBoot: 'fixed' },
      { id: 2, now: 'removable', nextBoot: 'fixed' },
      { id: 3, now: 'pinned', nextBoot: 'pinned' },
      { id: 4, now: 'removable', nextBoot: 'absent' },
      { id: 5, now: 'absent', nextBoot: 'absent' },
    ])
  })

  it('warns of vCPUs that a power cycle makes fixed', () => {
    const forecast = forecastRemovability(
      vmFacts({
        live: definition({ maximum: 8, present: 6, fixed: 2 }),
        config: definition({ maximum: 8, present: 6, fixed: 6 }),
      }),
    )
    expect(forecast.becomeFixed).toEqual([2, 3, 4, 5])
    expect(forecast.warnings).toEqual([
      'vCPU 2-5 can be removed now and will be fixed after the next boot: the stored definition does not mark them hot-pluggable.',
    ])
  })

  it('tells which vCPUs a prepared definition sets free', () => {
    const forecast = forecastRemovability(
      vmFacts({
        live: definition({ maximum: 4, present: 4, fixed: 4 }),
        config: definition({ maximum: 8, present: 4, fixed: 1 }),
      }),
    )
    expect(forecast.becomeRemovable).toEqual([1, 2, 3])
    expect(forecast.warnings).toEqual([])
    expect(forecast.vcpus).toHaveLength(8)
  })

  it('moves by whole cores on Power', () => {
    const forecast = forecastRemovability(
      vmFacts({
        arch: 'ppc64le',
        live: definition({ maximum: 4, present: 4, fixed: [0], topology: { threads: 2 } }),
      }),
    )
    expect(forecast.vcpus.map((vcpu) => vcpu.now)).toEqual(['fixed', 'fixed', 'removable', 'removable'])
  })

  it('lets pinned vCPUs go where the setting allows it', () => {
    const forecast = forecastRemovability(
      vmFacts({
        live: definition({ maximum: 2, present: 2, pinned: [1] }),
        settings: { pinnedRemovalAllowed: true, hostCpuLimit: 'warn' },
      }),
    )
    expect(forecast.vcpus[1]?.now).toBe('removable')
  })

  it('has no now while the VM is down, and no next boot for a transient one', () => {
    const { config: _none, ...transient } = vmFacts({ live: definition({ maximum: 1, present: 1 }) })
    expect(forecastRemovability(downFacts(definition({ maximum: 1, present: 1 }))).vcpus).toEqual([
      { id: 0, nextBoot: 'fixed' },
    ])
    expect(forecastRemovability(transient).vcpus).toEqual([{ id: 0, now: 'fixed' }])
  })
})

describe('what the next boot changes', () => {
  it('is nothing where both definitions agree', () => {
    expect(nextBootDifference(vmFacts())).toEqual([])
  })

  it('is told with old and new value', () => {
    const facts = vmFacts({
      live: definition({ maximum: 8, present: 3, topology: { cores: 2 } }),
      config: definition({ maximum: 16, present: 8, topology: { cores: 2, threads: 2, dies: 2 } }),
    })
    expect(nextBootDifference(facts)).toEqual([
      { what: 'sockets', now: '1 and 1 vCPU', next: '1' },
      { what: 'vcpus', now: '3', next: '8' },
      { what: 'maximum', now: '8', next: '16' },
      { what: 'topology', now: '2 cores', next: '2 dies x 2 cores x 2 threads' },
    ])
  })

  it('is told where only the removability of a vCPU differs', () => {
    const facts = vmFacts({
      live: definition({ maximum: 8, present: 4, fixed: 1 }),
      config: definition({ maximum: 8, present: 4, fixed: 4 }),
    })
    expect(nextBootDifference(facts)).toEqual([
      { what: 'removability', now: 'vCPU 1-3 removable', next: 'no vCPU removable' },
    ])
  })

  it('is nothing while there is only one definition', () => {
    expect(nextBootDifference(downFacts(definition({ maximum: 8, present: 3 })))).toEqual([])
  })
})
