import { expect, it } from 'vitest'
import { HTTP_LIMITS } from '../../src/http/http-server.ts'
import { rawConnection, statusOf } from '../raw-connection.ts'
import { testServer } from '../test-server.ts'

const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
const END_OF_ANSWER = '"ok"'

/** A connection that asked once and stays open; whatever came until then. */
async function asked(url: string) {
  const connection = rawConnection(url)
  connection.socket.write(REQUEST)
  return { ...connection, answer: await connection.until(END_OF_ANSWER) }
}

it('connections beyond the limit are closed unanswered, those within it go on, and a place that is left is free', async () => {
  await using server = await testServer({ limits: { ...HTTP_LIMITS, connectionsMax: 3 } })
  const within = [await asked(server.url), await asked(server.url), await asked(server.url)]
  expect(within.map(({ answer }) => statusOf(answer))).toEqual([200, 200, 200])

  for (let beyond = 0; beyond < 20; beyond += 1) expect((await asked(server.url)).answer).toBe('')

  const [first, second] = within
  second?.socket.write(REQUEST.replace('/healthz', '/api/v1/nothing'))
  expect(await second?.until('not-found')).toContain('not-found')

  first?.socket.end()
  await first?.closed
  let next = await asked(server.url)
  // The server learns of the end in a turn of its own.
  while (next.answer === '') next = await asked(server.url)
  expect(statusOf(next.answer)).toBe(200)
  for (const { socket } of [...within, next]) socket.destroy()
})
