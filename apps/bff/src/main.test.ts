import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { Operation, ResizePlan, Session, VmList } from '@coreshift/shared/contract'
import { PASSWORD, cookieHeader } from '../test/platform.ts'
import { postgresDatabaseUrl } from '../test/databases.ts'

const SERVER = join(import.meta.dirname, 'main.ts')
const ADMIN = join(import.meta.dirname, 'admin.ts')

/** Bound of a wait for another process on a busy machine, ms. */
const WAIT_MS = 30_000
/** The same for a test that starts three of them. */
const THREE_STARTS_MS = 120_000

let folder = ''
const running = new Set<ChildProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coreshift-main-'))
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly url: string
  /** The one-time link, where one was printed. */
  readonly link: string | undefined
  readonly exit: Promise<number | null>
  /** Resolves when the log holds this. */
  readonly logged: (words: string) => Promise<void>
}

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CORESHIFT_DATA: folder,
    CORESHIFT_LISTEN: '127.0.0.1:0',
    CORESHIFT_DEMO: '1',
    ...extra,
  }
}

/** @param until what has to be printed before it counts as started */
async function start(extra: Record<string, string> = {}, until = /ready at \S+\n/): Promise<Started> {
  const child = spawn(process.execPath, [SERVER], {
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  let out = ''
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err = (err + chunk).slice(-4_000)
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk
      if (until.test(out)) resolve()
    })
    child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${err}`)))
  })
  const url = /ready at (\S+)/.exec(out)?.[1] ?? ''
  const logged = (words: string): Promise<void> => vi.waitFor(() => expect(err).toContain(words), WAIT_MS)
  return { child, url, logged, link: /\S+\/first-run\?token=\S+/.exec(out)?.[0], exit }
}

const WITH_LINK = /first-run\?token=\S+\n/

async function createFirst({ url, link }: Started): Promise<string> {
  const token = new URL(link ?? '').searchParams.get('token')
  const response = await fetch(`${url}/api/v1/first-run`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, name: 'alice', password: PASSWORD }),
  })
  expect(response.status).toBe(201)
  return cookieHeader(response.headers.getSetCookie())
}

async function sessionOf(url: string, cookie?: string): Promise<Session> {
  const response = await fetch(`${url}/api/v1/session`, {
    headers: cookie === undefined ? {} : { Cookie: cookie },
  })
  return Session.parse(await response.json())
}

/** A VM that can get another socket at this moment, and the body of the request for it. */
async function growable({ url }: Started, token: string): Promise<{ path: string; body: string }> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  return vi.waitFor(async () => {
    const { items } = VmList.parse(await (await fetch(`${url}/api/v1/vms`, { headers })).json())
    for (const { uuid, sockets } of items) {
      const path = `/api/v1/vms/${uuid}/resizes`
      const body = JSON.stringify({ sockets: sockets + 1 })
      const dryRun = await fetch(`${url}${path}?dryRun=1`, { method: 'POST', headers, body })
      if (dryRun.ok && ResizePlan.parse(await dryRun.json()).allowed) return { path, body }
    }
    throw new Error('no VM can get another socket')
  }, WAIT_MS)
}

async function admin(args: readonly string[], extra: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [ADMIN, ...args], { env: environment(extra) })
  const [out] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ])
  return out.trim()
}

describe('the product', () => {
  it('starts with the demo, gives a one-time link, and ends in order', async () => {
    const server = await start({}, WITH_LINK)
    expect(server.link).toContain(`${server.url}/first-run?token=`)
    expect(await sessionOf(server.url)).toMatchObject({ firstRun: true, demo: true })
    const cookie = await createFirst(server)
    expect((await sessionOf(server.url, cookie)).user).toMatchObject({ name: 'alice', role: 'admin' })
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  it(
    'finishes an answer that is in flight when it is told to stop, and what it accepted is durable',
    async () => {
      const token = await admin(['token', 'create', '--name', 'ci', '--role', 'operator'])
      const server = await start()
      const { path, body } = await growable(server, token)
      const headers = {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        // The server says when it has begun to answer.
        Expect: '100-continue',
      }
      const asked = request(server.url + path, { method: 'POST', headers })
      const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        asked.once('error', reject)
        asked.once('response', (response) => {
          text(response).then((answer) => resolve({ status: response.statusCode, body: answer }), reject)
        })
      })
      const begun = new Promise((resolve) => asked.once('continue', resolve))
      asked.flushHeaders()
      await begun
      server.child.kill('SIGTERM')
      await server.logged('"stopping"')
      asked.end(body)
      const answer = await answered
      expect(answer.status).toBe(202)
      expect(await server.exit).toBe(0)

      const { id } = Operation.parse(JSON.parse(answer.body))
      const again = await start()
      const kept = await fetch(`${again.url}/api/v1/resizes/${id}`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(Operation.parse(await kept.json())).toMatchObject({ id })
    },
    THREE_STARTS_MS,
  )

  it('keeps accounts and sessions over a kill, prints no second link, and the audit is whole', async () => {
    const first = await start({}, WITH_LINK)
    const cookie = await createFirst(first)
    first.child.kill('SIGKILL')
    await first.exit
    const second = await start()
    expect((await sessionOf(second.url, cookie)).user?.name).toBe('alice')
    expect(second.link).toBeUndefined()
    expect(await admin(['audit', 'verify'])).toMatch(/^The audit is whole: \d+ entries/)
  })

  it('takes a token that the command line made while it runs', async () => {
    const { url } = await start()
    const token = await admin(['token', 'create', '--name', 'ci', '--role', 'viewer'])
    const response = await fetch(`${url}/api/v1/vms`, { headers: { Authorization: `Bearer ${token}` } })
    expect(VmList.parse(await response.json()).rev).toBeGreaterThanOrEqual(0)
  })

  it('runs wholly on PostgreSQL', async () => {
    await using database = await postgresDatabaseUrl(inject('postgresUrl'))
    const extra = { CORESHIFT_DATABASE_URL: database.url }
    const server = await start(extra, WITH_LINK)
    const cookie = await createFirst(server)
    expect((await sessionOf(server.url, cookie)).user?.name).toBe('alice')
    expect(await admin(['audit', 'verify'], extra)).toMatch(/^The audit is whole: \d+ entries/)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  it.each([
    [{ CORESHIFT_LISTEN: 'nonsense', CORESHIFT_DEMO: 'maybe' }, /CORESHIFT_LISTEN.*\n.*CORESHIFT_DEMO/],
    [{ CORESHIFT_LISTEN: '192.0.2.1:8730' }, /EADDRNOTAVAIL.*192\.0\.2\.1/],
  ])('says in words why it cannot start with %j', async (extra, words) => {
    const error = await start(extra).then(
      () => undefined,
      (cause: Error) => cause,
    )
    expect(error?.message).toMatch(words)
    expect(error?.message).not.toMatch(/\n\s+at /)
  })
})
