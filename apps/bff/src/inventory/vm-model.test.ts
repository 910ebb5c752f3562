import { Vm, VmSummary, type Operation } from '@coreshift/shared/contract'
import { describe, expect, it } from 'vitest'
import { operation } from '../../test/operation.ts'
import { definition, running, stopped } from '../../test/snapshot.ts'
import { vmContext as context } from '../../test/vm-context.ts'
import { buildVm, summaryOf, vcpuState, type VmContext } from './vm-model.ts'

function withOperation(one: Operation): VmContext {
  return { ...context, operation: one }
}

function statesOf(vm: Vm): Record<number, string> {
  return Object.fromEntries(
    vm.vcpus.filter((vcpu) => vcpu.state !== 'absent').map((vcpu) => [vcpu.id, vcpu.state]),
  )
}

describe('state of a vCPU: libvirt has the last word on whether it is there', () => {
  it.each([
    [true, undefined, false, false, 'present'],
    [true, undefined, false, true, 'guest-offline'],
    [false, undefined, false, false, 'absent'],
    [true, 'pending-removal', false, false, 'pending-removal'],
    [true, 'pending-removal', true, false, 'present'],
    [false, 'pending-removal', false, false, 'removed'],
    [true, 'removed', false, false, 'present'],
    [false, 'removed', true, false, 'removed'],
    [true, 'refused', true, false, 'refused'],
    [true, 'stuck', false, false, 'stuck'],
    [false, 'stuck', true, false, 'removed'],
    [false, 'adding', false, false, 'adding'],
    [false, 'adding', true, false, 'absent'],
    [true, 'adding', false, false, 'present'],
    [false, 'present', true, false, 'absent'],
  ] as const)(
    'enabled %s, operation says %s, ended %s, offline in guest %s: %s',
    (enabled, moved, ended, offline, state) => {
      const at = '2026-01-02T03:04:05.000Z'
      expect(
        vcpuState(enabled, moved && { id: 2, state: moved, since: at, attempts: 1 }, ended, offline),
      ).toBe(state)
    },
  )
})

describe('a running VM', () => {
  it('shows what libvirt counts, and conforms to the contract', () => {
    const vm = buildVm(running([0, 1, 2, 3]), context, 1)
    expect(Vm.parse(vm)).toEqual(vm)
    expect(vm).toMatchObject({
      sockets: 4,
      vcpuCount: 4,
      hypervisor: 4,
      wanted: 4,
      vcpuMax: 8,
      socketsMinLive: 2,
    })
    expect(vm).toMatchObject({ nextBootSockets: 2, nextBootVcpuCount: 2 })
  })

  it('keeps counting what is pending removal, and wants the target', () => {
    const vm = buildVm(
      running([0, 1, 2, 3]),
      withOperation(operation('pending', 'unplug', { 2: 'pending-removal', 3: 'pending-removal' })),
      1,
    )
    expect(vm).toMatchObject({ hypervisor: 4, wanted: 2, pendingVcpus: 2, stuckVcpus: 0 })
    expect(statesOf(vm)).toEqual({ 0: 'present', 1: 'present', 2: 'pending-removal', 3: 'pending-removal' })
  })

  it('shows a count that is no whole number of sockets as it is', () => {
    const live = definition({ enabled: [0, 1, 2], threads: 2 })
    expect(buildVm(running([], { live }), context, 1)).toMatchObject({ sockets: 1.5, vcpuCount: 3 })
  })

  it('tells the guest online count and which vCPUs the guest left offline', () => {
    const guestReport = { readAt: 1, known: [0, 1, 2, 3], online: [0, 1], offlinable: [1, 2, 3] }
    const vm = buildVm(running([0, 1, 2, 3]), { ...context, guestReport }, 1)
    expect(vm).toMatchObject({ guestOnline: 2, hypervisor: 4 })
    expect(statesOf(vm)).toEqual({ 0: 'present', 1: 'present', 2: 'guest-offline', 3: 'guest-offline' })
  })

  it('does not guess which vCPU is offline when the guest numbers its CPUs differently', () => {
    const guestReport = { readAt: 1, known: [0, 1, 5], online: [0, 1], offlinable: [] }
    const vm = buildVm(running([0, 1, 2]), { ...context, guestReport }, 1)
    expect(vm.guestOnline).toBe(2)
    expect(Object.values(statesOf(vm))).toEqual(['present', 'present', 'present'])
  })

  it('is marked as stale while its host is away', () => {
    const away = { ...context, host: { ...context.host, online: false } }
    expect(buildVm(running([0, 1]), away, 1).stale).toBe(true)
  })
})

it('a VM that is down shows its stored definition', () => {
  const vm = buildVm(stopped([0, 1, 2]), context, 1)
  expect(vm).toMatchObject({ status: 'down', sockets: 3, vcpuCount: 3, hypervisor: 0 })
  expect(vm.nextBootSockets).toBeUndefined()
})

it('the line of the fleet is a part of the VM and conforms to the contract', () => {
  const summary = summaryOf(buildVm(running([0, 1]), context, 3))
  expect(VmSummary.parse(summary)).toEqual(summary)
  expect(summary).not.toHaveProperty('vcpus')
})
