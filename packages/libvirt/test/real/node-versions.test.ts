import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as lv from '../../src/index.ts'
import { otherNode } from './support/other-node.ts'
import { connectReal, copyGuest, realUri, removeDomain, watch } from './support/real-host.ts'

const run = promisify(execFile)
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const GUEST = `libvirt-node-${process.pid}`
/** The oldest that the package promises, and the long-term release after it. The tests themselves run on a newer one. */
const VERSIONS = ['22.18.0', '24.21.0']

let connection: lv.Connection
let guest: lv.DomainRef
let javascript: string

beforeAll(async () => {
  connection = await connectReal()
  guest = await copyGuest(connection, 'agent', GUEST)
  const agent = await watch(connection, lv.agentLifecycle, guest)
  await connection.call(lv.domainCreateWithFlags, { domain: guest, flags: 0 })
  javascript = await mkdtemp(join(tmpdir(), 'libvirt-dist-'))
  await writeFile(join(javascript, 'package.json'), '{ "type": "module" }')
  const tsc = path('../../../../node_modules/.bin/tsc')
  await run(tsc, ['-p', path('../../tsconfig.dist.json'), '--outDir', join(javascript, 'dist')])
  await Promise.all(VERSIONS.map((version) => otherNode(version)))
  await agent.waitFor(({ state }) => state === lv.AgentState.CONNECTED)
})
afterAll(async () => {
  await removeDomain(connection, guest)
  await connection.close()
  await rm(javascript, { recursive: true, force: true })
})

describe.each(VERSIONS)('Node %s', (version) => {
  it.each([
    ['the sources as they are', () => path('../../src/index.ts')],
    ['the JavaScript made of them', () => join(javascript, 'dist/index.js')],
  ])('lists, reads XML, plugs in and unplugs without waiting: %s', async (_, entry) => {
    const node = await otherNode(version)
    const program = path('./support/resize-guest.ts')
    const { stdout } = await run(node, [program, entry(), realUri(), GUEST], { timeout: 60_000 })
    expect(JSON.parse(stdout)).toEqual({ node: version, named: true, plugged: 3, removed: 2, left: 2 })
  })
})

it('a registry that does not answer is an error that says so, and no other Node is taken', async () => {
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' }
  await expect(otherNode('22.17.9', env)).rejects.toThrow(
    /^Node 22\.17\.9 \(node-\w+-\w+\) could not be installed from the npm registry: .*ECONNREFUSED/s,
  )
})
