import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { testServer, type TestServer } from '../../test/test-server.ts'

function build({ pageDirectory }: TestServer): void {
  mkdirSync(join(pageDirectory, 'assets'), { recursive: true })
  writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>Coreshift</title>')
  writeFileSync(join(pageDirectory, 'assets', 'index-1a2b.js'), `console.log(${'"x",'.repeat(500)}1)`)
  writeFileSync(join(pageDirectory, '..', 'outside.txt'), 'outside')
}

describe('the built page', () => {
  it('is served with its own routes, never from a cache', async () => {
    await using server = await testServer()
    build(server)
    for (const path of ['/', '/vms/some-vm', '/first-run?token=x', '/index.html']) {
      const response = await server.call('GET', path)
      expect(response.status, path).toBe(200)
      expect(response.headers.get('content-type'), path).toBe('text/html; charset=utf-8')
      expect(response.headers.get('cache-control'), path).toBe('no-store')
      expect(await response.text(), path).toContain('<title>Coreshift</title>')
    }
  })

  it('has assets that are compressed and kept for ever', async () => {
    await using server = await testServer()
    build(server)
    const path = '/assets/index-1a2b.js'
    const plain = await server.call('GET', path, { headers: { 'Accept-Encoding': 'identity' } })
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const length = Number(plain.headers.get('content-length'))
    for (const encoding of ['br', 'gzip']) {
      const response = await server.call('GET', path, { headers: { 'Accept-Encoding': encoding } })
      expect(response.headers.get('content-encoding')).toBe(encoding)
      expect(Number(response.headers.get('content-length'))).toBeLessThan(length / 10)
      expect(await response.text()).toContain('console.log')
    }
  })

  it('is read again after it was built anew', async () => {
    await using server = await testServer()
    build(server)
    await server.call('GET', '/')
    const index = join(server.pageDirectory, 'index.html')
    writeFileSync(index, '<!doctype html><title>New</title>')
    utimesSync(index, new Date(), new Date(Date.now() + 5_000))
    expect(await (await server.call('GET', '/')).text()).toContain('New')
  })

  it('says what to do where it was not built', async () => {
    await using server = await testServer()
    const response = await server.call('GET', '/')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm run build')
  })

  it('answers a missing file with 404 and no other method than GET and HEAD', async () => {
    await using server = await testServer()
    build(server)
    expect((await server.call('GET', '/assets/gone.js')).status).toBe(404)
    expect((await server.call('GET', '/favicon.ico')).status).toBe(404)
    expect((await server.call('POST', '/', { body: {} })).status).toBe(405)
    const head = await server.call('HEAD', '/')
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/..\\outside.txt',
    '//outside.txt/../../outside.txt',
    '/assets/%00',
  ])('never gives a file outside its folder: %s', async (path) => {
    await using server = await testServer()
    build(server)
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 [2-4]\d\d/)
    expect(answer).not.toMatch(/\r\n\r\noutside$/)
  })
})
