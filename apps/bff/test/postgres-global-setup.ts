import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { postgresBinaries } from './postgres-binaries.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the test server's database `postgres`, without a TCP port: a unix socket. */
    postgresUrl: string
  }
}

/** Whether the server answers is asked this often, and this many times at most. */
const READY_POLL_MS = 50
const READY_POLLS_MAX = 400

/** PostgreSQL refuses to run as root: the account that owns nothing does it. */
const UNPRIVILEGED = 'nobody'

/** One PostgreSQL for all test files, in a temporary folder; every test takes a database of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binaries = postgresBinaries()
  const folder = mkdtempSync(join(tmpdir(), 'coreshift-postgres-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, unprivilegedId('-u'), unprivilegedId('-g'))
  const data = join(folder, 'data')
  const asUser = (program: string, args: readonly string[]): [string, string[]] =>
    isRoot
      ? [
          'setpriv',
          [`--reuid=${UNPRIVILEGED}`, `--regid=${unprivilegedId('-g')}`, '--clear-groups', program, ...args],
        ]
      : [program, [...args]]

  const [initdb, initdbArgs] = asUser(join(binaries, 'initdb'), [
    `--pgdata=${data}`,
    '--username=coreshift',
    '--auth=trust',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ])
  execFileSync(initdb, initdbArgs, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    `listen_addresses = ''\nunix_socket_directories = '${folder}'\nfsync = off\nmax_connections = 200\n`,
  )
  const [program, args] = asUser(join(binaries, 'postgres'), ['-D', data])
  const server = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_000)
  })

  const url = `postgresql://coreshift@localhost/postgres?host=${encodeURIComponent(folder)}`
  await untilReady(url, server, () => words)
  project.provide('postgresUrl', url)

  return async () => {
    await stopped(server)
    rmSync(folder, { recursive: true, force: true })
  }
}

function unprivilegedId(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, UNPRIVILEGED], { encoding: 'utf8' }))
}

async function untilReady(url: string, server: ChildProcess, words: () => string): Promise<void> {
  for (let poll = 0; poll < READY_POLLS_MAX; poll += 1) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${words()}`)
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      // Not listening yet; the last words are reported below when it never does.
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))
    }
  }
  throw new Error(`PostgreSQL did not answer in ${(READY_POLLS_MAX * READY_POLL_MS) / 1000} s: ${words()}`)
}

function stopped(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) resolve()
    server.once('exit', () => resolve())
    // SIGINT is PostgreSQL's "fast shutdown": open connections are cut.
    server.kill('SIGINT')
  })
}
