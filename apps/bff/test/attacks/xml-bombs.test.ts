import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DomainXmlError, parseDomainXml } from '../../src/inventory/parse-domain-xml.ts'
import { VM_UUID } from '../examples.ts'
import { testServer } from '../test-server.ts'

const SECRET = 'the secret of a file beside'
const folder = mkdtempSync(join(tmpdir(), 'coreshift-xml-'))
const file = join(folder, 'secret.txt')
let asked = 0
const listener = createServer((_request, response) => {
  asked += 1
  response.end('<!ENTITY x "fetched">')
})
let url = ''
beforeAll(async () => {
  writeFileSync(file, SECRET)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/x.dtd`
})
afterAll(() => {
  listener.close()
  rmSync(folder, { recursive: true, force: true })
})

const laughs = Array.from(
  { length: 12 },
  (_, level) => `<!ENTITY l${level + 1} "${level === 0 ? 'ha'.repeat(10) : `&l${level};`.repeat(10)}">`,
).join('')

/** Each as a document with the given root; what is to be refused stands in a text and in an attribute. */
const BOMBS: readonly (readonly [string, (root: string) => string])[] = [
  [
    'a billion laughs',
    (root) => `<!DOCTYPE ${root} [${laughs}]><${root}><description>&l12;</description></${root}>`,
  ],
  ['a billion laughs in an attribute', (root) => `<!DOCTYPE ${root} [${laughs}]><${root} a="&l12;"/>`],
  [
    'one large entity many times',
    (root) =>
      `<!DOCTYPE ${root} [<!ENTITY a "${'a'.repeat(20_000)}">]><${root}><description>${'&a;'.repeat(8_000)}</description></${root}>`,
  ],
  [
    'an entity of itself',
    (root) => `<!DOCTYPE ${root} [<!ENTITY a "&b;"><!ENTITY b "&a;">]><${root}>&a;</${root}>`,
  ],
  [
    'a file',
    (root) =>
      `<!DOCTYPE ${root} [<!ENTITY f SYSTEM "file://${file}">]><${root}><description>&f;</description></${root}>`,
  ],
  [
    'an address',
    (root) =>
      `<!DOCTYPE ${root} [<!ENTITY f SYSTEM "${url}">]><${root}><description>&f;</description></${root}>`,
  ],
  ['a document type from an address', (root) => `<!DOCTYPE ${root} SYSTEM "${url}"><${root}/>`],
  [
    'parameter entities',
    (root) => `<!DOCTYPE ${root} [<!ENTITY % p SYSTEM "${url}">%p;]><${root}>&x;</${root}>`,
  ],
  ['an entity that is not declared', (root) => `<${root}><description>&nothing;</description></${root}>`],
  ['a hundred thousand levels', (root) => `<${root}>`.repeat(100_000)],
  ['no end', (root) => `<${root}><description>`],
  ['NUL', (root) => `<${root}>\0</${root}>`],
]

describe('an XML bomb', () => {
  it.each(BOMBS)('%s is refused at the oVirt door', async (_what, bomb) => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    for (const root of ['vm', 'cpu', 'topology']) {
      const body = bomb(root)
      const response = await server.call('PUT', `/ovirt-engine/api/vms/${VM_UUID}`, {
        token,
        body,
        headers: { 'Content-Type': 'application/xml' },
      })
      expect([400, 413]).toContain(response.status)
      expect(await response.text()).not.toContain(SECRET)
    }
    expect(server.doors.changes).toEqual([])
    expect(asked).toBe(0)
  })

  it.each(BOMBS)('%s is refused as a domain XML', (_what, bomb) => {
    expect(() => parseDomainXml(bomb('domain'))).toThrow(DomainXmlError)
    expect(asked).toBe(0)
  })

  it('an XInclude is text that nobody follows', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('operator')
    const body = `<vm xmlns:xi="http://www.w3.org/2001/XInclude"><description><xi:include href="file://${file}" parse="text"/></description></vm>`
    const response = await server.call('PUT', `/ovirt-engine/api/vms/${VM_UUID}`, {
      token,
      body,
      headers: { 'Content-Type': 'application/xml' },
    })
    expect(await response.text()).not.toContain(SECRET)
    expect(server.doors.changes.join()).not.toContain(SECRET)
  })
})
