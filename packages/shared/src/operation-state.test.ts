import { describe, expect, it } from 'vitest'
import {
  OPERATION_STATES,
  isEnded,
  isOpen,
  isSettled,
  isWaitingForGuest,
  type OperationState,
} from './operation-state.ts'
import { VCPU_STATES, countsAsPresent, needsAttention, type VcpuState } from './vcpu-state.ts'
import { VM_STATUSES, allowsSocketsEdit, hasLiveMachine } from './vm-status.ts'

describe('an operation', () => {
  it.each(OPERATION_STATES)('in state %s is either open or ended', (state) => {
    expect(isEnded(state)).toBe(!isOpen(state))
  })

  it.each<[OperationState, { open: boolean; waiting: boolean }]>([
    ['submitting', { open: true, waiting: false }],
    ['pending', { open: true, waiting: true }],
    ['converged', { open: false, waiting: false }],
    ['failed', { open: false, waiting: false }],
    ['deferred', { open: true, waiting: true }],
    ['abandoned', { open: false, waiting: false }],
    ['rolling-back', { open: true, waiting: true }],
    ['rolled-back', { open: false, waiting: false }],
  ])('%s: %j', (state, expected) => {
    expect({ open: isOpen(state), waiting: isWaitingForGuest(state) }).toEqual(expected)
  })

  it('waits for the guest only while it is open', () => {
    expect(OPERATION_STATES.filter((state) => isWaitingForGuest(state) && !isOpen(state))).toEqual([])
  })
})

describe('a vCPU', () => {
  it.each<[VcpuState, { settled: boolean; present: boolean; attention: boolean }]>([
    ['present', { settled: true, present: true, attention: false }],
    ['adding', { settled: false, present: false, attention: false }],
    ['guest-offline', { settled: false, present: true, attention: true }],
    ['pending-removal', { settled: false, present: true, attention: false }],
    ['removed', { settled: true, present: false, attention: false }],
    ['refused', { settled: true, present: true, attention: true }],
    ['stuck', { settled: false, present: true, attention: true }],
    ['absent', { settled: true, present: false, attention: false }],
  ])('%s: %j', (state, expected) => {
    expect({
      settled: isSettled(state),
      present: countsAsPresent(state),
      attention: needsAttention(state),
    }).toEqual(expected)
  })

  it('has no other states', () => {
    expect(VCPU_STATES).toHaveLength(8)
  })
})

describe('the status of a VM', () => {
  it('allows the sockets to be edited while it is up or down, and in no other', () => {
    expect(VM_STATUSES.filter(allowsSocketsEdit)).toEqual(['up', 'down'])
  })

  it('says where no machine exists', () => {
    expect(VM_STATUSES.filter((status) => !hasLiveMachine(status))).toEqual(['down', 'crashed', 'unknown'])
  })
})
