import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch } from '@coreshift/shared'
import { createKeyedFeed, createValueFeed } from './topic-feed.ts'

interface Item {
  readonly id: string
  readonly text: string
  readonly note?: string
  readonly parts: readonly { readonly id: number; readonly on: boolean }[]
}

const item = (id: string, changes: Partial<Item> = {}): Item => ({ id, text: 'a', parts: [], ...changes })

function feedOf(items: Map<string, Item>) {
  return createKeyedFeed<Item>({
    member: 'items',
    initial: items,
    read: (key) => items.get(key),
    firstRev: 7,
  })
}

describe('a feed of items with keys', () => {
  it('publishes nothing when nothing changed, also when something was marked', () => {
    const items = new Map([['x', item('x')]])
    const feed = feedOf(items)
    expect(feed.publish()).toBeUndefined()
    feed.mark('x')
    items.set('x', item('x'))
    expect(feed.publish()).toBeUndefined()
    expect(feed.rev).toBe(7)
  })

  it('publishes one item alone, with the next revision', () => {
    const items = new Map([
      ['x', item('x')],
      ['y', item('y')],
    ])
    const feed = feedOf(items)
    items.set('y', item('y', { text: 'b' }))
    feed.mark('y')
    expect(feed.publish()).toEqual({ rev: 8, patch: { items: { y: { text: 'b' } } } })
  })

  it('publishes what appeared whole and what went as null', () => {
    const items = new Map([['x', item('x')]])
    const feed = feedOf(items)
    items.delete('x')
    items.set('z', item('z'))
    feed.mark('x')
    feed.mark('z')
    expect(feed.publish()?.patch).toEqual({ items: { x: null, z: item('z') } })
  })

  it('says nothing of an item that came and went between two frames', () => {
    const items = new Map<string, Item>()
    const feed = feedOf(items)
    feed.mark('x')
    expect(feed.publish()).toBeUndefined()
  })

  it('gives a snapshot of what was published, not of what is newer', () => {
    const items = new Map([['x', item('x')]])
    const feed = feedOf(items)
    items.set('x', item('x', { text: 'b' }))
    feed.mark('x')
    expect(feed.snapshot()).toEqual({ items: [item('x')] })
    feed.publish()
    expect(feed.snapshot()).toEqual({ items: [item('x', { text: 'b' })] })
  })

  it('looks at marked items only, however many there are', () => {
    const items = new Map(Array.from({ length: 10_000 }, (_, index) => [`${index}`, item(`${index}`)]))
    const reads: string[] = []
    const feed = createKeyedFeed<Item>({
      member: 'items',
      initial: items,
      read: (key) => {
        reads.push(key)
        return items.get(key)
      },
      firstRev: 0,
    })
    items.set('5000', item('5000', { text: 'b' }))
    feed.mark('5000')
    feed.publish()
    expect(reads).toEqual(['5000'])
  })

  it('keeps every viewer equal to the source, from whichever snapshot it started', () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const content = fc.record(
      {
        text: fc.string(),
        note: fc.string(),
        parts: fc.uniqueArray(fc.record({ id: fc.nat(4), on: fc.boolean() }), { selector: ({ id }) => id }),
      },
      { requiredKeys: ['text', 'parts'] },
    )
    const step = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), key, content }),
      fc.record({ kind: fc.constant('remove' as const), key }),
      fc.record({ kind: fc.constant('publish' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const items = new Map<string, Item>()
        const feed = feedOf(items)
        const viewers: { rev: number; value: unknown }[] = []
        for (const one of steps) {
          if (one.kind === 'publish') {
            const change = feed.publish()
            for (const viewer of change ? viewers : []) {
              expect(change?.rev).toBe(viewer.rev + 1)
              viewer.rev += 1
              viewer.value = applyPatch(viewer.value, change?.patch)
            }
            viewers.push({ rev: feed.rev, value: feed.snapshot() })
            continue
          }
          if (one.kind === 'put') items.set(one.key, { id: one.key, ...one.content })
          else items.delete(one.key)
          feed.mark(one.key)
        }
        const last = feed.publish()
        const byId = (value: unknown): Item[] =>
          [...(value as { items: Item[] }).items].sort((a, b) => (a.id < b.id ? -1 : 1))
        const truth = byId({ items: [...items.values()] })
        for (const viewer of viewers) {
          const value = last ? applyPatch(viewer.value, last.patch) : viewer.value
          const sorted = byId(value).map((one) => ({ ...one, parts: byPart(one.parts) }))
          expect(sorted).toEqual(truth.map((one) => ({ ...one, parts: byPart(one.parts) })))
        }
      }),
    )
  })
})

function byPart(parts: Item['parts']): Item['parts'] {
  return [...parts].sort((a, b) => a.id - b.id)
}

describe('a feed of one value', () => {
  it('publishes the difference, and what vanished as null', () => {
    let value: { vm?: { name: string }; history: { id: number }[] } = {
      vm: { name: 'a' },
      history: [{ id: 1 }],
    }
    const feed = createValueFeed({ read: () => value, firstRev: 0 })
    expect(feed.publish()).toBeUndefined()
    value = { history: [{ id: 1 }, { id: 2 }] }
    expect(feed.publish()).toEqual({ rev: 1, patch: { vm: null, history: { '2': { id: 2 } } } })
    expect(feed.snapshot()).toEqual(value)
  })
})
