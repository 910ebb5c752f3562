import { describe, expect, it } from 'vitest'
import { HTTP_LIMITS } from '../../src/http/http-server.ts'
import { VM_UUID } from '../examples.ts'
import { rawConnection, rawExchange, statusOf } from '../raw-connection.ts'
import { testServer, type TestServer } from '../test-server.ts'

/** The same bounds, so soon over that a test can wait for them. */
const impatient = (): Promise<TestServer> =>
  testServer({
    limits: { ...HTTP_LIMITS, headersTimeoutMs: 200, requestTimeoutMs: 400, checkEveryMs: 20 },
  })

const VM = `/api/v1/vms/${VM_UUID}`

describe('a slow sender', () => {
  it.each([
    ['half a request line', 'GET /api/v1/se'],
    ['headers that never end', 'GET /api/v1/session HTTP/1.1\r\nHost: x\r\nX-A: b\r\n'],
    [
      'a body that never comes',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n',
    ],
    [
      'a body that stops',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"name":',
    ],
    [
      'a chunk that stops',
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"name":',
    ],
  ])('of %s is cut off', async (_what, bytes) => {
    await using server = await impatient()
    expect([408, 400]).toContain(statusOf(await rawExchange(server.url, bytes)))
  })

  it('who drips a byte now and then is cut off too', async () => {
    await using server = await impatient()
    const { socket, closed } = rawConnection(server.url)
    socket.write('GET /api/v1/session HTTP/1.1\r\nHost: x\r\n')
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 20)
    expect(statusOf(await closed)).toBe(408)
    clearInterval(drip)
  })

  it('takes no place from others', async () => {
    await using server = await impatient()
    const slow = Array.from({ length: 50 }, () => rawConnection(server.url))
    for (const { socket } of slow) socket.write('GET / HTTP/1.1\r\n')
    expect((await server.call('GET', '/healthz')).status).toBe(200)
    const answers = await Promise.all(slow.map(({ closed }) => closed))
    expect(answers.map(statusOf).every((status) => status === 408)).toBe(true)
  })
})

describe('what is too large', () => {
  it.each([
    ['a header', `GET /api/v1/session HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'all headers',
      `GET /api/v1/session HTTP/1.1\r\nHost: x\r\n${'X-A: aaaaaaaaaa\r\n'.repeat(2_000)}\r\n`,
      431,
    ],
    ['an address', `GET /api/v1/vms?q=${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('%s is refused', async (_what, request, status) => {
    await using server = await testServer()
    expect(statusOf(await rawExchange(server.url, request))).toBe(status)
  })

  it.each([
    ['REST', VM, 'PATCH', 'application/json', 413],
    ['the oVirt door', `/ovirt-engine/api/vms/${VM_UUID}`, 'PUT', 'application/xml', 413],
  ])('a body of %s is refused, with a length and without one', async (_what, path, method, type, status) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nConnection: close\r\n`
    const body = 'x'.repeat(100_000)
    const withLength = await rawExchange(server.url, `${head}Content-Length: ${body.length}\r\n\r\n${body}`)
    expect(statusOf(withLength)).toBe(status)
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    expect(statusOf(await rawExchange(server.url, chunked))).toBe(status)
    expect(server.doors.changes).toEqual([])
  })

  it('a compressed body is not unpacked', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    for (const encoding of ['gzip', 'deflate', 'br']) {
      const response = await server.call('PATCH', VM, {
        token,
        body: '{}',
        headers: { 'Content-Encoding': encoding },
      })
      expect(response.status, encoding).toBe(415)
    }
  })

  it('a stranger’s body is not even read', async () => {
    await using server = await testServer()
    const request = `PATCH ${VM} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\nConnection: close\r\n\r\n`
    const connection = rawConnection(server.url)
    connection.socket.write(request)
    expect(statusOf(await connection.until('\r\n\r\n'))).toBe(401)
    connection.socket.destroy()
  })
})
