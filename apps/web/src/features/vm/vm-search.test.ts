import { describe, expect, it } from 'vitest'
import { readVmSearch } from './vm-search.ts'

describe('the address of the VM page', () => {
  it.each([
    [{ view: 'table' }, { view: 'table' }],
    [{ view: 'picture' }, {}],
    [{ view: 'nonsense' }, {}],
    [{ prepare: true }, { prepare: true }],
    [{ prepare: 'yes' }, {}],
    [{ sockets: 4 }, { sockets: 4 }],
    [{ sockets: 0 }, {}],
    [{ sockets: 1.5 }, {}],
    [{ sockets: 'four' }, {}],
  ])('%j is read as %j', (search, expected) => {
    expect(readVmSearch(search)).toEqual(expected)
  })
})
