import { expect, it } from 'vitest'
import { AnswerNotUnderstood } from './api-failure.ts'
import { everyItem } from './every-item.ts'
import { createHttpClient } from './http-client.ts'

it('reads a list to its end, each page from where the one before ended', async () => {
  const asked: string[] = []
  const pages = [{ items: [1, 2], nextCursor: 'a&b' }, { items: [3], nextCursor: 'c' }, { items: [] }]
  const http = createHttpClient({
    fetch: (path) => Promise.resolve(Response.json(pages[asked.push(path) - 1])),
  })
  expect(await everyItem(http, '/users', new AbortController().signal)).toEqual([1, 2, 3])
  expect(asked).toEqual([
    '/api/v1/users?limit=1000',
    '/api/v1/users?limit=1000&cursor=a%26b',
    '/api/v1/users?limit=1000&cursor=c',
  ])
})

it('gives up on a list that does not end', async () => {
  const http = createHttpClient({
    fetch: () => Promise.resolve(Response.json({ items: [1], nextCursor: 'again' })),
  })
  const asked = everyItem(http, '/users', new AbortController().signal)
  await expect(asked).rejects.toBeInstanceOf(AnswerNotUnderstood)
})
