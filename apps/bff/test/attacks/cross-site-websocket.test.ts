import { describe, expect, it } from 'vitest'
import { ended, liveServer, watch, type LiveTest } from '../live-test.ts'
import { rawConnection } from '../raw-connection.ts'
import { UNAUTHENTICATED_MAX } from '../../src/live/live-server.ts'
import { ALICE } from '../examples.ts'

/** Origins that are not this server's, and such as look like it. `undefined`: the header is missing. */
function foreignOrigins(port: number): readonly (string | undefined)[] {
  const away = [
    'https://evil.example',
    'http://evil.example',
    `http://evil.example:${port}`,
    'null',
    'NULL',
    'undefined',
    '',
    ' ',
    '*',
    'file://',
    'about:blank',
    'data:text/html,x',
    'blob:http://127.0.0.1/x',
    'chrome-extension://abcdefghijklmnop',
    'moz-extension://00000000-0000-4000-8000-000000000000',
    'http://10.0.0.1',
    'http://169.254.169.254',
    `http://192.168.1.1:${port}`,
  ]
  const alike = [
    'http://127.0.0.1',
    'http://localhost',
    `https://127.0.0.1:${port}`,
    `https://localhost:${port}`,
    `ws://127.0.0.1:${port}`,
    `wss://127.0.0.1:${port}`,
    `ftp://127.0.0.1:${port}`,
    `HTTP://127.0.0.1:${port}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}/x`,
    `http://127.0.0.1:${port}#`,
    `http://127.0.0.1:${port}?`,
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1.evil.example:${port}`,
    `http://localhost.evil.example:${port}`,
    `http://evil-localhost:${port}`,
    `http://localhost.:${port}`,
    `http://LOCALHOST:${port}`,
    `http://evil.example/http://127.0.0.1:${port}`,
    `http://evil.example#@127.0.0.1:${port}`,
    `http://127.0.0.1:${port}@evil.example`,
    `http://user@127.0.0.1:${port}`,
    `http://user:pass@127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:0${port}`,
    `http://127.0.0.1:${port}0`,
    `http://127.1:${port}`,
    `http://0x7f.1:${port}`,
    `http://2130706433:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://0.0.0.0:${port}`,
    `http://127.0.0.2:${port}`,
    `http://127.0.0.1:${port} http://evil.example`,
    `http://127.0.0.1:${port},http://evil.example`,
    `127.0.0.1:${port}`,
    `//127.0.0.1:${port}`,
  ]
  return [undefined, ...away, ...alike]
}

const HANDSHAKE =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

interface Attempt {
  readonly origin: string | undefined
  readonly cookie: string
  /** Connection to take over, as a reconnecting client names it. */
  readonly sid?: string
}

/** What the server says to a page of that origin that opens a WebSocket and asks for the namespace. */
async function attack(server: LiveTest, { origin, cookie, sid }: Attempt): Promise<string> {
  const connection = rawConnection(server.url)
  const query = `EIO=4&transport=websocket${sid === undefined ? '' : `&sid=${sid}`}`
  const headers = `${HANDSHAKE}Cookie: ${cookie}\r\n${origin === undefined ? '' : `Origin: ${origin}\r\n`}`
  connection.socket.write(`GET /socket.io/?${query} HTTP/1.1\r\n${headers}\r\n`, 'latin1')
  // Taken over or ended: a frame with an id, or a close frame (RFC 6455, 5.5.1), or the end of the connection.
  const first = await Promise.race([connection.until('"sid"'), connection.until('\x88')])
  if (!first.includes('"sid"')) {
    connection.socket.destroy()
    return first
  }
  // RFC 6455, 5.2: a text frame, masked with zeros.
  const payload = Buffer.from('40/live,{}')
  connection.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
  await connection.until('/live,')
  connection.socket.destroy()
  return connection.received()
}

const CONNECTED = /40\/live,\{"sid"/

describe('a page of another site', () => {
  it('opens no live view with a person’s cookie, at the handshake or at a reconnect', async () => {
    await using server = await liveServer()
    const cookie = await server.cookieFor('bob', 'admin')
    const port = Number(new URL(server.url).port)
    const origins = foreignOrigins(port)
    expect(new Set(origins).size).toBeGreaterThanOrEqual(50)
    const own = await attack(server, { origin: server.url, cookie })
    expect(own).toMatch(CONNECTED)

    const victim = await server.connect({ headers: { Cookie: cookie, Origin: server.url } })
    await watch(victim, 'fleet')
    const sid = victim.io.engine.id
    for (const origin of origins) {
      const fresh = await attack(server, { origin, cookie })
      expect(fresh, `handshake from ${origin}`).not.toMatch(CONNECTED)
      if (origin !== undefined) expect(fresh, `handshake from ${origin}`).toContain('origin-refused')
      const again = await attack(server, { origin, cookie, sid })
      expect(again, `reconnect from ${origin}`).not.toMatch(CONNECTED)
      expect(again, `reconnect from ${origin}`).not.toContain('"sid"')
    }
    expect(await attack(server, { origin: server.url, cookie, sid })).not.toContain('"sid"')
    expect(victim.connected).toBe(true)
    expect(await watch(victim, 'hosts')).toMatchObject({ ok: true })
  })

  it('does not get in after the person’s own connection ended', async () => {
    await using server = await liveServer()
    const { token, secret } = await server.identity.tokens.create({ name: 'ci', role: 'viewer' }, ALICE)
    const client = await server.connect({ token: secret })
    const end = ended(client)
    await server.identity.tokens.revoke(token.id, ALICE)
    await (
      await end
    ).closed
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await server.refusedBy({ token: secret })).toBe('Sign in, or connect with a token.')
    }
    expect(server.live.sockets()).toBe(0)
  })
})

describe('connections that do not say who they are', () => {
  it('are limited in number, and the limit is free again when they go', async () => {
    await using server = await liveServer()
    const strangers = Array.from({ length: UNAUTHENTICATED_MAX }, () => rawConnection(server.url))
    for (const { socket } of strangers) {
      socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${HANDSHAKE}\r\n`)
    }
    await Promise.all(strangers.map(({ until }) => until('"sid"')))
    const token = await server.tokenFor('viewer')
    expect(await server.refusedBy({ token })).toBe('websocket error')
    // They have some seconds to say who they are; then the server ends them by itself.
    await Promise.all(
      strangers.map(async ({ until, socket, closed }) => {
        await until('\x88')
        socket.destroy()
        await closed
      }),
    )
    expect((await server.connect({ token })).connected).toBe(true)
  })
})
