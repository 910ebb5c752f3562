import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VM_UUID } from '../examples.ts'
import { rawExchange, statusOf } from '../raw-connection.ts'
import { testServer } from '../test-server.ts'

const CLOSE = 'Host: x\r\nConnection: close\r\n'
const VM = `/api/v1/vms/${VM_UUID}`

describe('a path that is written otherwise', () => {
  const PATHS = [
    '//api/v1/users',
    '/api//v1/users',
    '/api/v1/../v1/users',
    '/healthz/../api/v1/users',
    '/api/v1/%75sers',
    '/api/v1/users%00',
    '/api/v1/users%2f',
    '/api/v1/users;a=b',
    '/api/v1/users/.',
    '/API/V1/USERS',
    '/api/v1/users/',
    'http://evil.example/api/v1/users',
    '/assets/../../../../../../etc/passwd',
    '/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5c..%5cetc%5cpasswd',
    '/%2e%2e%2f%2e%2e%2fetc/passwd',
    '/.env',
    '/data/coreshift.db',
    '/secret.key',
    '/encryption.keys',
    '/%',
    '/%c0%ae%c0%ae/',
    '*',
  ]

  it.each(PATHS)('%s lets nobody see more than the plain one does', async (path) => {
    await using server = await testServer()
    writeFileSync(join(server.pageDirectory, 'index.html'), '<!doctype html><title>page</title>')
    const token = await server.tokenFor('viewer')
    for (const credentials of ['', `Authorization: Bearer ${token}\r\n`]) {
      const answer = await rawExchange(server.url, `GET ${path} HTTP/1.1\r\n${CLOSE}${credentials}\r\n`)
      const status = statusOf(answer)
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(500)
      expect(answer).not.toMatch(/root:|"items"|SQLite format/)
    }
  })
})

describe('headers that want to be believed', () => {
  it.each([
    'X-HTTP-Method-Override: DELETE',
    'X-HTTP-Method: DELETE',
    'X-Original-URL: /api/v1/users',
    'X-Rewrite-URL: /api/v1/users',
    'X-Forwarded-User: alice',
    'X-Remote-User: alice',
    'X-Forwarded-Host: evil.example',
    'Forwarded: for=127.0.0.1;host=evil.example',
  ])('%s changes nothing', async (header) => {
    await using server = await testServer()
    const answer = await rawExchange(server.url, `GET /api/v1/users HTTP/1.1\r\n${CLOSE}${header}\r\n\r\n`)
    expect(statusOf(answer)).toBe(401)
    expect(answer).not.toContain('evil.example')
  })

  it('an address that is claimed is not the one in the audit, and does not get around the limit of attempts', async () => {
    await using server = await testServer()
    const statuses: number[] = []
    for (let attempt = 0; attempt < 31; attempt += 1) {
      const response = await server.call('POST', '/api/v1/session', {
        body: { name: `nobody-${attempt}`, password: 'x' },
        headers: { 'X-Forwarded-For': `203.0.113.${attempt}` },
      })
      statuses.push(response.status)
    }
    expect(new Set(statuses.slice(0, 30))).toEqual(new Set([401]))
    expect(statuses[30]).toBe(429)
    const refused = (await server.audit.list({ action: 'session.refused' }, { limit: 50 })).items
    expect(new Set(refused.map(({ actor }) => actor.address))).toEqual(new Set(['127.0.0.1']))
  })

  it.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks in disguise', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a header over two lines', 'X-A: b\r\n c: d\r\n\r\n'],
    ['a header without a name', ': b\r\n\r\n'],
    ['a name with a space', 'Content-Length : 2\r\n\r\n{}'],
    ['a NUL', 'X-A: a\0b\r\n\r\n'],
    ['bare line feeds', 'X-A: b\nX-B: c\n\n'],
  ])('%s are no request that could be read in two ways', async (_what, rest) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const request = `PATCH ${VM} HTTP/1.1\r\n${CLOSE}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n${rest}`
    const smuggled = `DELETE /api/v1/session HTTP/1.1\r\n${CLOSE}\r\n`
    const answer = await rawExchange(server.url, request + smuggled)
    expect([400, 0]).toContain(statusOf(answer))
    expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(server.doors.changes).toEqual([])
  })

  it('a request without a host, or in HTTP of another version, is refused', async () => {
    await using server = await testServer()
    expect(statusOf(await rawExchange(server.url, 'GET /healthz HTTP/1.1\r\n\r\n'))).toBe(400)
    expect(statusOf(await rawExchange(server.url, 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n'))).toBe(400)
  })
})

describe('every answer', () => {
  it('has a strict policy and Trusted Types, whatever was asked and however it ended', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    const requests = [
      'GET / HTTP/1.1',
      'GET /assets/missing.js HTTP/1.1',
      'GET /healthz HTTP/1.1',
      'GET /readyz HTTP/1.1',
      'GET /metrics HTTP/1.1',
      'GET /api/docs HTTP/1.1',
      'GET /api/docs.css HTTP/1.1',
      'GET /api/openapi.json HTTP/1.1',
      'GET /api/v1/session HTTP/1.1',
      'GET /api/v1/vms HTTP/1.1',
      'GET /api/v1/nothing HTTP/1.1',
      'PUT /api/v1/vms HTTP/1.1',
      'DELETE / HTTP/1.1',
      'OPTIONS /api/v1/vms HTTP/1.1',
      'GET /%E0%A4%A HTTP/1.1',
      'GET /ovirt-engine/api/vms HTTP/1.1',
      'GET /ovirt-engine/api/nothing HTTP/1.1',
      'GET /api/v1/oidc/sign-in HTTP/1.1',
      `GET /api/v1/users HTTP/1.1\r\nAuthorization: Bearer ${token}`,
      `GET /api/v1/audit/export.csv HTTP/1.1\r\nAuthorization: Bearer ${token}`,
      `PATCH ${VM} HTTP/1.1\r\nAuthorization: Bearer ${token}`,
      'POST /api/v1/session HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1',
      'POST /api/v1/session HTTP/1.1\r\nOrigin: https://evil.example',
      'NONSENSE',
      `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(20_000)}`,
    ]
    for (const request of requests) {
      const answer = await rawExchange(server.url, `${request}\r\n${CLOSE}\r\nx`)
      const line = request.slice(0, 60)
      expect(statusOf(answer), line).toBeGreaterThanOrEqual(200)
      const policy = /^content-security-policy: (.*)$/im.exec(answer)?.[1] ?? ''
      expect(policy, line).toContain("default-src 'none'")
      expect(policy, line).toContain("require-trusted-types-for 'script'")
      expect(policy, line).not.toContain('unsafe')
      expect(answer, line).toMatch(/^x-content-type-options: nosniff/im)
      expect(answer, line).not.toMatch(/^x-powered-by|^server:/im)
    }
  })
})
