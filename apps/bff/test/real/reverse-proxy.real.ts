import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditList, LiveClientToServer, LiveServerToClient, VmList } from '@coreshift/shared/contract'
import { freePort } from '../../../../e2e/real-host/free-port.ts'
import { Product } from '../../../../e2e/support/product.ts'
import {
  PROXIES,
  SERVER_NAME,
  startReverseProxy,
  type ReverseProxy,
} from '../../../../e2e/support/reverse-proxy.ts'
import { PASSWORD } from '../platform.ts'

const PUBLIC_URL = `https://${SERVER_NAME}`

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Another address of the loopback interface stands for another machine. */
  readonly from?: string
}

let product: Product
let upstreamPort: number

beforeAll(async () => {
  upstreamPort = await freePort()
  product = await Product.start({
    listen: `127.0.0.1:${upstreamPort}`,
    env: { CORESHIFT_PUBLIC_URL: PUBLIC_URL },
  })
  await product.admin(['user', 'add', 'ann', '--role', 'admin', '--password-stdin'], PASSWORD)
})

afterAll(() => product.stop())

describe.each(PROXIES)('our file for %s', (kind) => {
  let proxy: ReverseProxy
  let cookie: string

  beforeAll(async () => {
    proxy = await startReverseProxy(kind, upstreamPort)
  })
  afterAll(() => proxy[Symbol.asyncDispose]())

  function call(method: string, path: string, { headers, body, from }: Call = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = requestHttps(
        {
          host: '127.0.0.1',
          port: proxy.httpsPort,
          ca: proxy.ca,
          servername: SERVER_NAME,
          // The certificate is for this machine.
          checkServerIdentity: () => undefined,
          method,
          path,
          headers: { Host: SERVER_NAME, ...headers },
          ...(from === undefined ? {} : { localAddress: from }),
        },
        (response) => {
          text(response).then(
            (answered) =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answered }),
            reject,
          )
        },
      )
      request.once('error', reject)
      request.end(body)
    })
  }

  const signIn = (origin: string): Promise<Answer> =>
    call('POST', '/api/v1/session', {
      headers: {
        'Content-Type': 'application/json',
        Origin: origin,
        'X-Forwarded-For': '203.0.113.9',
      },
      body: JSON.stringify({ name: 'ann', password: PASSWORD }),
    })

  const live = (headers: Readonly<Record<string, string>>): Socket<LiveServerToClient, LiveClientToServer> =>
    io(`https://127.0.0.1:${proxy.httpsPort}/live`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      // Whose certificate it is, the requests above have looked at.
      rejectUnauthorized: false,
      extraHeaders: { Host: SERVER_NAME, ...headers },
    })

  const connected = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('connect_error', (error) => resolve(error.message))
    })

  it('passes the page on, with our headers', async () => {
    const page = await call('GET', '/')
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toMatch('text/html')
    expect(page.headers['content-security-policy']).toMatch("require-trusted-types-for 'script'")
    expect(page.headers['strict-transport-security']).toMatch('max-age')
  })

  it('lets the page under its public name sign in, and no other', async () => {
    expect((await signIn('https://evil.example')).status).toBe(403)
    const answer = await signIn(PUBLIC_URL)
    expect(answer.status).toBe(200)
    const [sent = ''] = answer.headers['set-cookie'] ?? []
    expect(sent).toMatch(/Secure/)
    cookie = sent.split(';')[0] ?? ''
  })

  it('says from which address somebody came, not what they wrote themselves', async () => {
    const { status, body } = await call('GET', '/api/v1/audit?action=session.signed-in&limit=1', {
      headers: { Cookie: cookie },
    })
    expect(status).toBe(200)
    expect((JSON.parse(body) as AuditList).items[0]?.actor.address).toBe('127.0.0.1')
  })

  it('passes REST and streams on, and a body that is too large is refused', async () => {
    const vms = await call('GET', '/api/v1/vms?limit=3', { headers: { Cookie: cookie } })
    expect((JSON.parse(vms.body) as VmList).items).toHaveLength(3)
    const lines = await call('GET', '/api/v1/audit/export.jsonl', { headers: { Cookie: cookie } })
    expect(lines.body).toMatch('session.signed-in')
    const large = await call('POST', '/api/v1/tokens', {
      headers: { Cookie: cookie, Origin: PUBLIC_URL, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'x'.repeat(70_000), role: 'viewer' }),
    })
    expect(large.status).toBe(413)
  })

  it('opens the live view for the page under its public name, and for no other', async () => {
    const own = live({ Cookie: cookie, Origin: PUBLIC_URL })
    const foreign = live({ Cookie: cookie, Origin: `https://127.0.0.1:${proxy.httpsPort}` })
    const outcomes = [connected(own), connected(foreign)]
    try {
      expect(await Promise.all(outcomes)).toEqual(['connected', 'websocket error'])
      expect(await own.emitWithAck('watch', { topic: 'audit' })).toMatchObject({ ok: true })
      const change = new Promise((resolve) => own.once('change', resolve))
      await signIn(PUBLIC_URL)
      expect(await change).toMatchObject({ topic: 'audit' })
    } finally {
      own.disconnect()
      foreign.disconnect()
    }
  })

  it('keeps the figures for this machine', async () => {
    expect((await call('GET', '/metrics')).body).toMatch('coreshift_')
    expect((await call('GET', '/metrics', { from: '127.0.0.2' })).status).toBe(403)
    expect((await call('GET', '/healthz', { from: '127.0.0.2' })).status).toBe(200)
  })

  it('sends plain HTTP to HTTPS', async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const to = { host: '127.0.0.1', port: proxy.httpPort, path: '/vms', headers: { Host: SERVER_NAME } }
      requestHttp(to, resolve).once('error', reject).end()
    })
    response.resume()
    expect([301, 308]).toContain(response.statusCode)
    expect(response.headers.location).toMatch(/^https:\/\/coreshift\.example\.org(:\d+)?\/vms$/)
  })
})
