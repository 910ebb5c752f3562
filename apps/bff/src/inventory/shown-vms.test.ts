import { beforeEach, expect, it } from 'vitest'
import { running, VM_UUID } from '../../test/snapshot.ts'
import { vmContext as context } from '../../test/vm-context.ts'
import { ShownVms } from './shown-vms.ts'

const load = (first: number, second: number) => ({
  percent: (first + second) / 2,
  byVcpu: new Map([
    [0, first],
    [1, second],
  ]),
})

let shown: ShownVms
let told: string[]

beforeEach(() => {
  shown = new ShownVms()
  shown.show(running([0, 1]), context)
  told = []
  shown.onChange((_uuid, what) => told.push(what))
})

const figures = () => shown.get(VM_UUID)?.vcpus.map(({ loadPercent }) => loadPercent)

it('has the newest load figures where one looks, and no other revision for them', () => {
  const before = shown.get(VM_UUID)
  shown.showLoad(VM_UUID, load(10, 30))
  shown.showLoad(VM_UUID, load(20, 40))
  expect(figures()?.slice(0, 3)).toEqual([20, 40, undefined])
  expect(shown.get(VM_UUID)).toMatchObject({ loadPercent: 30, rev: before?.rev })
  expect(shown.summary(VM_UUID)).toMatchObject({ loadPercent: 30, rev: before?.rev })
  expect(told).toEqual(['load', 'load'])
})

it('is the same object until something is different', () => {
  shown.showLoad(VM_UUID, load(10, 30))
  const vm = shown.get(VM_UUID)
  expect(shown.get(VM_UUID)).toBe(vm)
  shown.show(running([0, 1]), { ...context, load: load(10, 30) })
  expect(shown.get(VM_UUID)).toBe(vm)
  expect(told).toEqual(['load'])
})

it('tells a change of the machine as one, with the figures that it has then', () => {
  shown.showLoad(VM_UUID, load(10, 30))
  const before = shown.get(VM_UUID)?.rev ?? 0
  shown.show(running([0, 1, 2]), { ...context, load: load(10, 30) })
  expect(told).toEqual(['load', 'state'])
  expect(figures()?.slice(0, 3)).toEqual([10, 30, undefined])
  expect(shown.get(VM_UUID)?.rev).toBe(before + 1)
})
