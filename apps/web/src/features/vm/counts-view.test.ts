import { describe, expect, it } from 'vitest'
import { operationWith, vmWith } from '../../../stories/fixtures.ts'
import { explainCounts } from './counts-view.ts'

describe('the three counts', () => {
  it('are quiet where they agree', () => {
    expect(explainCounts(vmWith({}), undefined)).toMatchObject({
      hypervisorDiffers: false,
      guestDiffers: false,
      notes: [],
    })
  })

  it('name the vCPUs that the guest leaves offline', () => {
    const vm = vmWith({ states: { 6: 'guest-offline', 7: 'guest-offline' } }, { guestOnline: 6 })
    const view = explainCounts(vm, undefined)
    expect(view.guestDiffers).toBe(true)
    expect(view.notes).toEqual([{ kind: 'guest-left-offline', ids: '6-7' }])
  })

  it('say how many are missing where the guest does not say which', () => {
    expect(explainCounts(vmWith({}, { guestOnline: 5 }), undefined).notes).toEqual([
      { kind: 'guest-fewer', count: 3 },
    ])
  })

  it('do not complain about the guest while a resize is under way', () => {
    const vm = vmWith({ states: { 7: 'pending-removal' } }, { guestOnline: 7, wanted: 7 })
    const view = explainCounts(vm, operationWith(vm, []))
    expect(view).toMatchObject({ leaving: 1, hypervisorDiffers: true, notes: [] })
  })

  it('show a count that is no whole number of sockets as it is', () => {
    const vm = vmWith({ present: 5 })
    expect(explainCounts(vm, undefined).notes).toContainEqual({ kind: 'not-whole', vcpus: 5, perSocket: 2 })
  })

  it('tell what the next restart will bring where it differs', () => {
    const vm = vmWith({}, { nextBootSockets: 6, nextBootVcpuCount: 12 })
    expect(explainCounts(vm, undefined).notes).toEqual([{ kind: 'next-boot', sockets: 6, vcpus: 12 }])
  })

  it('expect nothing of a guest that is off', () => {
    expect(explainCounts(vmWith({ status: 'down' }), undefined)).toMatchObject({
      hypervisorDiffers: false,
      guestDiffers: false,
    })
  })
})
