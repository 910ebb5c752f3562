import { describe, expect, it } from 'vitest'
import { VM_UUID } from '../../test/examples.ts'
import { PASSWORD } from '../../test/platform.ts'
import { problemOf } from '../../test/problem-of.ts'
import { testServer } from '../../test/test-server.ts'

const VM = `/api/v1/vms/${VM_UUID}`

describe('bodies', () => {
  it.each([
    ['no JSON', '{"sockets":', 'application/json', 'invalid-request'],
    ['another type', '<vm/>', 'application/xml', 'unsupported-media-type'],
    ['a form', 'sockets=2', 'application/x-www-form-urlencoded', 'unsupported-media-type'],
    ['plain text', '{"sockets":2}', 'text/plain', 'unsupported-media-type'],
    [
      'too much',
      JSON.stringify({ description: 'x'.repeat(70_000) }),
      'application/json',
      'payload-too-large',
    ],
    ['nothing', '', 'application/json', 'invalid-request'],
  ])('with %s are refused', async (_what, body, type, code) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const response = await server.call('PATCH', VM, { token, body, headers: { 'Content-Type': type } })
    expect((await problemOf(response)).code).toBe(code)
  })
})

describe('a change asked for with a cookie', () => {
  const FOREIGN = [
    'https://evil.example',
    'null',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example:8730',
    'https://127.0.0.1',
    'http://127.0.0.1',
    '',
  ]

  it.each(FOREIGN)('is refused from the origin "%s", and so is a sign-in', async (origin) => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const headers = { Origin: origin }
    const patch = await server.call('PATCH', VM, { cookie, body: { description: 'x' }, headers })
    expect((await problemOf(patch)).code).toBe('csrf-refused')
    const signIn = await server.call('POST', '/api/v1/session', {
      body: { name: 'bob', password: PASSWORD },
      headers,
    })
    expect((await problemOf(signIn)).code).toBe('csrf-refused')
    expect(server.doors.changes).toEqual([])
  })

  it.each(['cross-site', 'same-site'])('is refused when the browser says %s', async (site) => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    const response = await server.call('DELETE', '/api/v1/session', {
      cookie,
      headers: { 'Sec-Fetch-Site': site },
    })
    expect((await problemOf(response)).code).toBe('csrf-refused')
  })

  it('is done from the own page', async () => {
    await using server = await testServer()
    const cookie = await server.cookieFor('bob', 'operator')
    for (const origin of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
      const headers = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' }
      expect(
        (await server.call('PATCH', VM, { cookie, body: { description: origin }, headers })).status,
      ).toBe(200)
    }
  })
})
