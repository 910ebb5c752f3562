import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD } from '../test/platform.ts'
import { auditJsonLines } from './audit/audit-export.ts'
import { checkpointLine, signCheckpoint } from './audit/checkpoint.ts'
import { openStore } from './open-store.ts'
import { createAccessTokens } from './identity/access-tokens.ts'

const PROGRAM = join(import.meta.dirname, 'admin.ts')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coreshift-admin-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function admin(args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, CORESHIFT_DATA: folder, CORESHIFT_DATABASE_URL: '' },
  })
  child.stdin.end(input)
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  return { code, out, err }
}

const noProblem = (message: string, cause: unknown): void => {
  throw new Error(message, { cause })
}

describe('the admin command line', () => {
  it('prints a token and nothing else, and the token works', async () => {
    const { code, out, err } = await admin(['token', 'create', '--name', 'ci', '--role', 'operator'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^cst_[A-Za-z0-9_-]{43}\n$/)
    const store = await openStore({ dataDirectory: folder }, noProblem)
    const tokens = createAccessTokens({ repository: store.tokens, now: () => new Date(), newId: () => 'x' })
    expect(await tokens.identify(out.trim())).toMatchObject({ kind: 'token', name: 'ci', role: 'operator' })
    await store.close()
  })

  it('adds accounts with a password from standard input, and hosts, and the audit tells it', async () => {
    const added = await admin(
      ['user', 'add', 'alice', '--role', 'admin', '--password-stdin'],
      `${PASSWORD}\n`,
    )
    expect(added).toMatchObject({ code: 0, out: 'Account alice with the role admin was created.\n' })
    expect((await admin(['host', 'add', 'rack1', 'qemu:///system'])).code).toBe(0)
    expect(await admin(['host', 'add', 'rack1', 'qemu:///session'])).toMatchObject({
      code: 1,
      err: 'A host named "rack1" exists already; choose another name.\n',
    })
    expect((await admin(['user', 'list'])).out).toBe('alice\tadmin\n')
    expect((await admin(['host', 'list'])).out).toMatch(/\track1\tqemu:\/\/\/system\n$/)
    expect((await admin(['audit', 'verify'])).out).toBe('The audit is whole: 2 entries verified.\n')
  })

  it('takes no name without a password for a daemon', async () => {
    const args = [
      'host',
      'add',
      'rack1',
      'qemu+tls://rack1/system',
      '--username',
      'coreshift',
      '--password-stdin',
    ]
    expect(await admin(args, '\n')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^The password cannot be used:/),
    })
    expect((await admin(['host', 'list'])).out).toBe('')
  })

  it('gives a forgotten password anew', async () => {
    await admin(['user', 'add', 'alice', '--role', 'admin', '--password-stdin'], PASSWORD)
    expect(
      (await admin(['user', 'password', 'ALICE', '--password-stdin'], 'seven wet paper boats')).code,
    ).toBe(0)
    expect(await admin(['user', 'password', 'bob', '--password-stdin'], PASSWORD)).toMatchObject({
      code: 1,
      err: 'There is no account named "bob".\n',
    })
  })

  it('tells the first broken entry of the audit and fails', async () => {
    await admin(['token', 'create', '--name', 'a', '--role', 'viewer'])
    await admin(['token', 'create', '--name', 'b', '--role', 'viewer'])
    const store = await openStore({ dataDirectory: folder }, noProblem)
    await store.database.db
      .updateTable('audit_entry')
      .set({ message: 'nothing' })
      .where('id', '=', 2)
      .execute()
    await store.close()
    const { code, out } = await admin(['audit', 'verify'])
    expect(code).toBe(1)
    expect(out).toMatch(/^The audit is broken at entry 2: .* The 1 entries before it are whole\.\n$/)
  })

  it('finds a cut end with the checkpoints, in the database and in an export', async () => {
    for (const name of ['a', 'b', 'c']) await admin(['token', 'create', '--name', name, '--role', 'viewer'])
    const store = await openStore({ dataDirectory: folder }, noProblem)
    const line = checkpointLine(
      signCheckpoint(
        store.checkpointKey.privateKey,
        await store.auditEntries.head(),
        new Date().toISOString(),
      ),
    )
    const [log, whole, cut] = [join(folder, 'log'), join(folder, 'whole.jsonl'), join(folder, 'cut.jsonl')]
    writeFileSync(log, `Coreshift is ready\n${line}\n`)
    const lines: string[] = []
    for await (const entry of auditJsonLines(store.audit.export({}))) lines.push(entry)
    writeFileSync(whole, lines.join(''))
    writeFileSync(cut, lines.slice(0, 2).join(''))
    const key = store.checkpointKey.publicKeyFile
    const offline = (file: string) =>
      admin(['audit', 'verify', '--export', file, '--checkpoints', log, '--key', key])
    expect(await offline(whole)).toMatchObject({
      code: 0,
      out: 'The audit is whole: 3 entries verified.\n',
    })
    expect(await offline(cut)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^The audit is broken at entry 3: entry 3 is missing: up to 3/),
    })
    expect((await admin(['audit', 'verify', '--checkpoints', log])).code).toBe(0)
    await store.database.db.deleteFrom('audit_entry').where('id', '=', 3).execute()
    await store.close()
    expect((await admin(['audit', 'verify'])).code).toBe(0)
    expect(await admin(['audit', 'verify', '--checkpoints', log])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^The audit is broken at entry 3/),
    })
  })

  it('backs up while the database is in use, and restores only when it is not', async () => {
    await admin(['token', 'create', '--name', 'before', '--role', 'viewer'])
    const store = await openStore({ dataDirectory: folder }, noProblem)
    const file = join(folder, 'backups', 'coreshift.db')
    expect((await admin(['backup', file])).code).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await admin(['backup', file])).err).toMatch(/exists already/)
    expect((await admin(['restore', file])).err).toMatch(/is in use/)
    await store.close()
    await admin(['token', 'create', '--name', 'after', '--role', 'viewer'])
    expect((await admin(['restore', file])).out).toMatch(/What was there before is .*coreshift\.db\.before-/)
    expect((await admin(['token', 'list'])).out).toMatch(/before/)
    expect((await admin(['token', 'list'])).out).not.toMatch(/after/)
    expect((await admin(['audit', 'verify'])).out).toBe('The audit is whole: 2 entries verified.\n')
  })

  it('does not restore what is no backup', async () => {
    await admin(['token', 'create', '--name', 'kept', '--role', 'viewer'])
    const file = join(folder, 'other.db')
    writeFileSync(file, 'no database at all')
    expect(await admin(['restore', file])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is no database of Coreshift/),
    })
    expect((await admin(['token', 'list'])).out).toMatch(/kept/)
  })

  it.each([
    [[], 2],
    [['user', 'add'], 2],
    [['user', 'add', 'bob', '--role', 'king', '--password-stdin'], 2],
    [['user', 'add', 'bob', '--role', 'viewer'], 2],
    [['token', 'create', '--role', 'viewer'], 2],
    [['token', 'create', '--name', 'x', '--role', 'viewer', '--expires', 'tomorrow'], 2],
    [['host', 'add', 'not a name', 'qemu:///system'], 2],
    [['rm', '-rf'], 1],
    [['user', 'add', 'bob', '--role', 'viewer', '--password-stdin'], 1],
  ])('explains itself for %j', async (args, code) => {
    const outcome = await admin(args, 'short')
    expect(outcome.code).toBe(code)
    expect(outcome.out + outcome.err).toMatch(/Usage: npm run admin|password is not accepted/)
    expect(outcome.err).not.toMatch(/\n\s+at /)
  })
})
