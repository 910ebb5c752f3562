import { describe, expect, it } from 'vitest'
import { vmWith } from '../../../../stories/fixtures.ts'
import { changeChoice, isChoosable, readVcpuIds, stillChosen, type ChoiceAction } from './removal-choice.ts'

const vm = vmWith({ present: 12, states: { 7: 'pending-removal' } }, { vcpusPerUnit: 2 })

/** What is chosen after these actions. */
function after(...actions: ChoiceAction[]): number[] {
  let choice = changeChoice(vm, undefined, { kind: 'begin' })
  for (const action of actions) choice = changeChoice(vm, choice, action)
  return [...(choice?.chosen ?? [])].sort((a, b) => a - b)
}
const press = (id: number, extend = false): ChoiceAction => ({ kind: 'press', id, extend })

describe('the choice of vCPUs to remove', () => {
  it.each([
    [0, false],
    [4, true],
    [7, false],
    [13, false],
  ])('vCPU %i may be chosen: %s', (id, expected) => {
    const vcpu = vm.vcpus[id]
    expect(vcpu && isChoosable(vcpu)).toBe(expected)
  })

  it.each<[string, ChoiceAction[], number[]]>([
    ['takes what moves together', [press(5)], [4, 5]],
    ['gives it back together', [press(5), press(4)], []],
    ['never takes a fixed one', [press(1)], []],
    ['goes on from the last press with the shift key', [press(9), press(4, true)], [4, 5, 6, 8, 9]],
    ['takes a whole socket', [{ kind: 'socket', socket: 4 }], [8, 9]],
    ['gives a whole socket back', [press(8), { kind: 'socket', socket: 4 }], []],
    ['takes what was written', [press(4), { kind: 'exactly', ids: [10] }], [10, 11]],
    ['ends', [press(4), { kind: 'end' }], []],
  ])('%s', (_, actions, expected) => {
    expect(after(...actions)).toEqual(expected)
  })

  it('is none before it begins', () => {
    expect(changeChoice(vm, undefined, press(5))).toBeUndefined()
  })

  it('forgets what went meanwhile', () => {
    expect(stillChosen(vm, new Set([4, 5, 7, 13]))).toEqual([4, 5])
  })
})

describe('written vCPU ids', () => {
  it.each([
    ['4-6, 9', { kind: 'ids', ids: [4, 5, 6, 9] }],
    ['4', { kind: 'ids', ids: [4] }],
    ['', { kind: 'ids', ids: [] }],
    ['4–5 8', { kind: 'ids', ids: [4, 5, 8] }],
    ['6-4', { kind: 'not-ids' }],
    ['four', { kind: 'not-ids' }],
    ['4-99', { kind: 'not-ids' }],
    ['2-5', { kind: 'not-removable', ids: '2-3' }],
  ])('%j is read as %j', (text, expected) => {
    expect(readVcpuIds(vm, text)).toEqual(expected)
  })
})
