import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, connectListAllDomains } from '../../../src/index.ts'
import { type PolkitDaemon, type PolkitUser, startPolkitDaemon } from '../support/private-polkit.ts'

const COUNT_DOMAINS = fileURLToPath(new URL('../support/count-domains.ts', import.meta.url))

let daemon: PolkitDaemon

beforeAll(async () => {
  daemon = await startPolkitDaemon()
})
afterAll(() => daemon[Symbol.asyncDispose]())

const uri = (): string => `test+unix:///default?socket=${daemon.socket}`

/** polkit judges processes: each caller is one of its own, of another user. */
async function countAs(user: PolkitUser): Promise<unknown> {
  const [command, args] = daemon.commandAs(user, [process.execPath, COUNT_DOMAINS, uri()])
  return JSON.parse((await promisify(execFile)(command, args)).stdout)
}

describe('polkit with a real daemon and a real authority', () => {
  it('lets in whom the rule allows', async () => {
    expect(await countAs('allowed')).toEqual({ domains: 1 })
  })

  it('keeps out whom the rule denies, with libvirt’s error', async () => {
    expect(await countAs('denied')).toEqual({
      codeName: 'AUTH_FAILED',
      procedure: 'remoteAuthPolkit',
      message: 'authentication failed: access denied by policy',
    })
  })

  it('tells that somebody would have to be asked, and nobody is there', async () => {
    expect(await countAs('unmentioned')).toMatchObject({
      codeName: 'AUTH_UNAVAILABLE',
      procedure: 'remoteAuthPolkit',
      message: expect.stringContaining('org.libvirt.unix.manage'),
    })
  })

  it('asks nothing of root', async () => {
    await using connection = await connect(uri())
    expect((await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })).count).toBe(1)
  })
})
