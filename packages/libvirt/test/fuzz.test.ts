import { expect, it } from 'vitest'
import { fuzzConversations } from './fuzz/fuzz-conversations.ts'
import { fuzzPackets } from './fuzz/fuzz-packets.ts'

// A small part of `npm run fuzz`; the same seed gives the same packets everywhere.

it('reads or refuses every damaged packet, and what it reads it writes again', () => {
  const { decoded, refused, unread } = fuzzPackets(20_000, 1)
  expect(decoded + refused + unread).toBe(20_000)
  expect(Math.min(decoded, refused, unread)).toBeGreaterThan(0)
})

it('ends every damaged conversation with a reason and settles every call', async () => {
  const ends = await fuzzConversations(500, 1)
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(500)
  expect(Object.keys(ends).sort()).toEqual(expect.arrayContaining(['local', 'peer', 'protocol', 'transport']))
})

it('gives the same result for the same seed', async () => {
  expect(fuzzPackets(1000, 7)).toEqual(fuzzPackets(1000, 7))
  expect(await fuzzConversations(50, 7)).toEqual(await fuzzConversations(50, 7))
})
