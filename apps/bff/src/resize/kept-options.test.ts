import type { DefinitionFacts, VmFacts } from '@coreshift/shared'
import { describe, expect, it } from 'vitest'
import { KEPT_OPTIONS_MAX, KeptOptions } from './kept-options.ts'

function definition(maximum: number): DefinitionFacts {
  return {
    topology: { sockets: maximum, dies: 1, clusters: 1, cores: 1, threads: 1 },
    topologyDeclared: true,
    maximum,
    vcpus: Array.from({ length: maximum }, (_, id) => ({ id, enabled: id < 2, hotpluggable: id > 0 })),
  }
}

const room = definition(4)

function facts(change: Partial<VmFacts> = {}): VmFacts {
  return {
    uuid: 'vm-1',
    name: 'web',
    rev: 1,
    status: 'up',
    arch: 'x86_64',
    machine: 'pc-q35-9.2',
    live: room,
    config: room,
    unitSize: 1,
    guest: { name: 'RHEL 9', plug: '+', unplug: '+' },
    host: { name: 'lab', online: true, cpus: 8 },
    settings: { pinnedRemovalAllowed: false, hostCpuLimit: 'warn' },
    ...change,
  }
}

describe('kept options', () => {
  it('are the same object for facts that say the same', () => {
    const kept = new KeptOptions()
    expect(kept.of(facts())).toBe(kept.of(facts()))
  })

  it.each<{ readonly what: string; readonly change: Partial<VmFacts> }>([
    { what: 'another revision', change: { rev: 2 } },
    { what: 'another definition', change: { live: definition(5) } },
    { what: 'another stored definition', change: { config: definition(5) } },
    { what: 'a host with fewer CPUs', change: { host: { name: 'lab', online: true, cpus: 1 } } },
    { what: 'a guest that gives nothing back', change: { guest: { name: 'x', plug: '+', unplug: '-' } } },
    { what: 'another setting', change: { settings: { pinnedRemovalAllowed: true, hostCpuLimit: 'warn' } } },
    { what: 'a migration', change: { status: 'migrating' } },
  ])('are made anew for $what', ({ change }) => {
    const kept = new KeptOptions()
    const before = kept.of(facts())
    const after = kept.of(facts(change))
    expect(after).not.toBe(before)
    expect(after).toEqual(new KeptOptions().of(facts(change)))
  })

  it('are let go for the VM that was asked about longest ago', () => {
    const kept = new KeptOptions()
    const of = (index: number) => kept.of(facts({ uuid: `vm-${index}` }))
    const [first, second] = [of(0), of(1)]
    expect(of(0)).toBe(first)
    for (let index = 2; index <= KEPT_OPTIONS_MAX; index += 1) of(index)
    expect(of(0)).toBe(first)
    expect(of(1)).not.toBe(second)
  })
})
