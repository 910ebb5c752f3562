import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageOf, type ListOrder, type Page } from './list-page.ts'

interface Item {
  readonly name: string
  readonly id: string
}

const UPWARDS: ListOrder<Item> = { placeOf: ({ name, id }) => [name, id] }
const DOWNWARDS: ListOrder<Item> = { ...UPWARDS, direction: 'down' }

const item = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'ü'), id: fc.uuid() })
const list = fc.uniqueArray(item, { selector: ({ id }) => id })

function everyPage(limit: number, pageAt: (cursor: string | undefined) => Page<Item>): Item[] {
  const seen: Item[] = []
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const { items, nextCursor } = pageAt(cursor)
    expect(items.length).toBeLessThanOrEqual(limit)
    seen.push(...items)
    cursor = nextCursor
  }
  return seen
}

describe.each([
  ['upwards', UPWARDS],
  ['downwards', DOWNWARDS],
])('pages of a list that is sorted %s', (direction, order) => {
  it('are together the whole list, each item once and in its order', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 5 }), (items, limit) => {
        const whole = pageOf(items, order, { limit: 1_000 }).items
        expect(new Set(whole)).toEqual(new Set(items))
        const keys = whole.map(({ name, id }) => `${name} ${id}`)
        expect(direction === 'upwards' ? keys : keys.toReversed()).toEqual(keys.toSorted())
        const paged = everyPage(limit, (cursor) => pageOf(items, order, { limit, cursor }))
        expect(paged).toEqual(whole)
      }),
    )
  })

  it('neither miss nor repeat an item when the one that the cursor names goes', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 5 }), (items, limit) => {
        const whole = pageOf(items, order, { limit: 1_000 }).items
        let left: readonly Item[] = items
        const paged = everyPage(limit, (cursor) => {
          const page = pageOf(left, order, { limit, cursor })
          left = left.filter((kept) => kept !== page.items.at(-1))
          return page
        })
        expect(paged).toEqual(whole)
      }),
    )
  })
})

describe('a cursor', () => {
  it.each(['', 'x', Buffer.from('[1,2]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
    'that is none (%j) is refused',
    (cursor) => {
      expect(() => pageOf([], UPWARDS, { cursor, limit: 1 })).toThrow('no cursor of this list')
    },
  )
})
