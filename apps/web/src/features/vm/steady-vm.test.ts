import { describe, expect, it } from 'vitest'
import type { Vm } from '@coreshift/shared/contract'
import { vmWith } from '../../../stories/fixtures.ts'
import { steadyVmPicker } from './steady-vm.ts'

const vm = vmWith({})

function withVcpu(id: number, over: Partial<Vm['vcpus'][number]>): Vm {
  return {
    ...vm,
    rev: vm.rev + 1,
    vcpus: vm.vcpus.map((vcpu) => (vcpu.id === id ? { ...vcpu, ...over } : vcpu)),
  }
}

describe('the steady part of a VM', () => {
  it.each<[string, Vm]>([
    ['its load', { ...vm, loadPercent: 99 }],
    ['its revision', { ...vm, rev: 99 }],
    ['the load of one vCPU', withVcpu(3, { loadPercent: 99 })],
    ['the host CPU of one vCPU', withVcpu(3, { hostCpu: 1 })],
    ['nothing, in a new object', structuredClone(vm)],
  ])('stays the same object when what moves is %s', (_, next) => {
    const pick = steadyVmPicker()
    expect(pick({ vm: next, history: [] })).toBe(next)
    const first = steadyVmPicker()
    first({ vm, history: [] })
    expect(first({ vm: next, history: [] })).toBe(vm)
  })

  it.each<[string, Vm]>([
    ['the state of one vCPU', withVcpu(3, { state: 'stuck' })],
    ['what is known of the guest', { ...vm, guestOs: { ...vm.guestOs, name: 'Debian 12' } }],
    ['the count', { ...vm, hypervisor: 6 }],
    ['a member that is new', { ...vm, job: 'migration-out' }],
    ['the number of slots', { ...vm, vcpus: vm.vcpus.slice(1) }],
  ])('is another object when what changes is %s', (_, next) => {
    const pick = steadyVmPicker()
    pick({ vm, history: [] })
    expect(pick({ vm: next, history: [] })).toBe(next)
  })
})
