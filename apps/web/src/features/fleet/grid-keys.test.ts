import { describe, expect, it } from 'vitest'
import { gridCommand } from './grid-keys.ts'

const pressed = (key: string, with_: object = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...with_,
})

describe('a key in the list of machines', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 23],
    ['PageUp', 3, 0],
    ['Home', 3, 0],
    ['End', 3, 99],
  ])('%s on row %i goes to row %i', (key, index, to) => {
    expect(gridCommand(pressed(key), index, 100, 20)).toEqual({ kind: 'go', to, extend: false })
  })

  it('takes the rows along while Shift is held', () => {
    expect(gridCommand(pressed('ArrowDown', { shiftKey: true }), 3, 100, 20)).toMatchObject({ extend: true })
  })

  it.each([
    [' ', {}, 'toggle'],
    ['Escape', {}, 'clear'],
    ['a', { ctrlKey: true }, 'toggle-all'],
    ['a', { metaKey: true }, 'toggle-all'],
  ])('%j %j means %s', (key, with_, kind) => {
    expect(gridCommand(pressed(key, with_), 3, 100, 20)).toEqual({ kind })
  })

  it.each([
    ['a', {}],
    ['Enter', {}],
    ['c', { ctrlKey: true }],
    ['ArrowUp', { altKey: true }],
  ])('%j %j is left to the browser', (key, with_) => {
    expect(gridCommand(pressed(key, with_), 3, 100, 20)).toBeUndefined()
  })
})
