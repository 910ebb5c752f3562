import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch, diffPatch, type Json } from './keyed-merge-patch.ts'

describe('a patch', () => {
  it.each<{ title: string; before: Json; after: Json; patch: Json | undefined }>([
    {
      title: 'of equal values is none',
      before: { a: [1, { b: 2 }] },
      after: { a: [1, { b: 2 }] },
      patch: undefined,
    },
    { title: 'names what changed', before: { a: 1, b: 2 }, after: { a: 1, b: 3 }, patch: { b: 3 } },
    { title: 'removes with null', before: { a: 1, b: 2 }, after: { a: 1 }, patch: { b: null } },
    { title: 'adds', before: { a: 1 }, after: { a: 1, b: { c: 2 } }, patch: { b: { c: 2 } } },
    {
      title: 'changes one item of a list by its id',
      before: {
        vcpus: [
          { id: 4, state: 'present' },
          { id: 5, state: 'present' },
        ],
      },
      after: {
        vcpus: [
          { id: 4, state: 'removed' },
          { id: 5, state: 'present' },
        ],
      },
      patch: { vcpus: { '4': { state: 'removed' } } },
    },
    {
      title: 'changes one item of a list by its uuid',
      before: [{ uuid: 'a', n: 1 }],
      after: [{ uuid: 'a', n: 2 }],
      patch: { a: { n: 2 } },
    },
    {
      title: 'removes and appends items',
      before: [{ id: 'a' }, { id: 'b' }],
      after: [{ id: 'b' }, { id: 'c', n: 1 }],
      patch: { a: null, c: { id: 'c', n: 1 } },
    },
    {
      title: 'says the order where appending does not give it',
      before: [{ id: 'b', n: 1 }],
      after: [
        { id: 'a', n: 2 },
        { id: 'b', n: 1 },
      ],
      patch: { a: { id: 'a', n: 2 }, $order: ['a', 'b'] },
    },
    {
      title: 'says the order where only that changed',
      before: [{ id: 'b' }, { id: 'a' }],
      after: [{ id: 'a' }, { id: 'b' }],
      patch: { $order: ['a', 'b'] },
    },
    {
      title: 'replaces a list without ids as a whole',
      before: { l: [1, 2] },
      after: { l: [1, 3] },
      patch: { l: [1, 3] },
    },
    {
      title: 'fills an empty list as a whole',
      before: { l: [] },
      after: { l: [{ id: 1 }] },
      patch: { l: [{ id: 1 }] },
    },
    { title: 'empties a list', before: { l: [{ id: 1 }] }, after: { l: [] }, patch: { l: { '1': null } } },
    {
      title: 'replaces a list in which an id occurs twice',
      before: { l: [{ id: 1 }, { id: 1 }] },
      after: { l: [{ id: 1 }] },
      patch: { l: [{ id: 1 }] },
    },
    {
      title: 'turns a value into an object',
      before: { a: 1 },
      after: { a: { b: 1 } },
      patch: { a: { b: 1 } },
    },
    { title: 'turns an object into a value', before: { a: { b: 1 } }, after: { a: 'x' }, patch: { a: 'x' } },
  ])('$title', ({ before, after, patch }) => {
    expect(diffPatch(before, after)).toEqual(patch)
    if (patch !== undefined) expect(applyPatch(before, patch)).toEqual(after)
  })

  it('leaves untouched parts the same object', () => {
    const before = {
      vm: { name: 'a' },
      vcpus: [
        { id: 0, s: 'x' },
        { id: 1, s: 'x' },
      ],
      log: [{ id: 'n' }],
    }
    const after = applyPatch(before, {
      vcpus: { '1': { s: 'y' } },
      log: { o: { id: 'o' }, $order: ['o', 'n'] },
    })
    expect(after.vm).toBe(before.vm)
    expect(after.vcpus[0]).toBe(before.vcpus[0])
    expect(after.vcpus[1]).toEqual({ id: 1, s: 'y' })
    expect(after.log[1]).toBe(before.log[0])
    expect(after.log[0]).toEqual({ id: 'o' })
  })

  it.each<Json>([
    {},
    { a: 1 },
    { vcpus: { '4': { state: 'present' } } },
    { vcpus: { '9': null } },
    { vcpus: { $order: ['4', '5'] } },
    { gone: null },
    { l: [1, 2] },
  ])('that changes nothing gives the same object back: %j', (patch) => {
    const value = {
      a: 1,
      l: [1, 2],
      vcpus: [
        { id: 4, state: 'present' },
        { id: 5, state: 'present' },
      ],
    }
    expect(applyPatch(value, patch)).toBe(value)
  })
})

/** Documents as the live view has them: objects, lists with ids, lists without, never null. */
const scalar = fc.oneof(fc.boolean(), fc.integer(), fc.string({ maxLength: 4 }))

function objectOf(inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const item = fc.record(
    { id: fc.oneof(fc.nat({ max: 12 }), fc.constantFrom('x', 'y', 'z')), s: scalar, in: inner },
    { requiredKeys: ['id'] },
  )
  const keyed = fc.uniqueArray(item, { maxLength: 5, selector: ({ id }) => String(id) })
  const plain = fc.array(scalar, { maxLength: 3 })
  return fc.record({ a: inner, b: inner, plain, vcpus: keyed, entries: keyed }, { requiredKeys: [] })
}

const shallow = fc.oneof(scalar, objectOf(scalar))
const node = fc.oneof(scalar, { arbitrary: objectOf(shallow), weight: 5 })

describe('for every two documents', () => {
  it('the difference turns the one into the other', () => {
    fc.assert(
      fc.property(node, node, (before, after) => {
        const patch = diffPatch(before, after)
        if (patch === undefined) expect(before).toEqual(after)
        else expect(applyPatch(before, patch)).toEqual(after)
      }),
    )
  })

  it('a patch travels as JSON', () => {
    fc.assert(
      fc.property(node, node, (before, after) => {
        const patch = diffPatch(before, after)
        if (patch === undefined) return
        const received: unknown = JSON.parse(JSON.stringify(patch))
        expect(applyPatch(before, received)).toEqual(after)
      }),
    )
  })

  it('applying the difference again changes nothing and keeps the object', () => {
    fc.assert(
      fc.property(node, node, (before, after) => {
        const patch = diffPatch(before, after)
        if (patch === undefined) return
        const once = applyPatch(before, patch)
        expect(applyPatch(once, patch)).toBe(once)
      }),
    )
  })

  it('items that did not change stay the same objects', () => {
    const lists = fc.uniqueArray(
      fc.record({
        id: fc.nat({ max: 9 }),
        state: fc.constantFrom('present', 'removed'),
        in: objectOf(scalar),
      }),
      { maxLength: 6, selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const patch = diffPatch(before, after)
        const result = patch === undefined ? before : applyPatch(before, patch)
        for (const item of before) {
          const wanted = after.find(({ id }) => id === item.id)
          const now = result.find(({ id }) => id === item.id)
          if (wanted && diffPatch(item, wanted) === undefined) expect(now).toBe(item)
        }
      }),
    )
  })

  it('patches in a row lead from list to list, whatever comes, goes and moves', () => {
    const list = fc.uniqueArray(fc.record({ id: fc.nat({ max: 6 }), state: scalar }), {
      maxLength: 5,
      selector: ({ id }) => id,
    })
    fc.assert(
      fc.property(fc.array(list, { minLength: 2, maxLength: 8 }), ([first, ...others]) => {
        let followed: unknown = first
        for (const next of others) {
          followed = applyPatch(followed, diffPatch(followed, next) ?? {})
          expect(followed).toEqual(next)
        }
      }),
    )
  })

  it('neither document is changed', () => {
    fc.assert(
      fc.property(node, node, (before, after) => {
        const copies = structuredClone([before, after])
        const patch = diffPatch(before, after)
        if (patch !== undefined) applyPatch(before, patch)
        expect([before, after]).toEqual(copies)
      }),
    )
  })
})
