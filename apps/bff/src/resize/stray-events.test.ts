import { expect, it } from 'vitest'
import { VM_UUID, running } from '../../test/snapshot.ts'
import { StrayEvents } from './stray-events.ts'

it('an event that a later read contradicts is stray', () => {
  const strays = new StrayEvents()
  strays.note(VM_UUID, 2, 900)
  expect(strays.settle(running([0, 1, 2]))).toEqual([2])
  expect(strays.settle(running([0, 1, 2]))).toEqual([])
})

it('an event that the read confirms is not', () => {
  const strays = new StrayEvents()
  strays.note(VM_UUID, 2, 900)
  expect(strays.settle(running([0, 1]))).toEqual([])
})

it('a read that began before the event does not answer it', () => {
  const strays = new StrayEvents()
  strays.note(VM_UUID, 2, 1500)
  expect(strays.settle(running([0, 1, 2], { readAt: 1400 }))).toEqual([])
  expect(strays.settle(running([0, 1, 2], { readAt: 1500 }))).toEqual([2])
})
