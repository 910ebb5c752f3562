import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from './layout.ts'
import { mustRun, runCommand, type CommandOptions, type CommandResult } from './run-command.ts'
import { waitUntil } from './wait-until.ts'

const HOST_INIT = join(import.meta.dirname, 'host-init.sh')

/** Definitions and saved states of guests: a host that comes up has the standard guests and no others. */
const LEFT_BY_GUESTS = ['etc/libvirt/qemu', 'var/lib/libvirt/qemu/save'] as const
const END_TIMEOUT_MS = 20_000

/** The host's first process, as seen from the machine. The start time tells it from a later one of that id. */
interface RunRecord {
  readonly pid: number
  readonly startTime: string
}

/** The machine's process id of the host's first process, or `undefined` when the host is down. */
export async function hostPid(layout: Layout): Promise<number | undefined> {
  if (!existsSync(layout.runRecord)) return undefined
  const record: unknown = JSON.parse(await readFile(layout.runRecord, 'utf8'))
  if (!isRunRecord(record)) return undefined
  return (await startTimeOf(record.pid)) === record.startTime ? record.pid : undefined
}

/** Starts the host's first process, with its mounts; the daemons come later. */
export async function startHostProcess(
  layout: Layout,
  binds: ReadonlyArray<readonly [from: string, at: string]>,
): Promise<void> {
  await emptyFolder(join(layout.root, 'run'))
  for (const folder of LEFT_BY_GUESTS) await emptyFolder(join(layout.root, folder))
  await mkdir(layout.consoles, { recursive: true })
  await mkdir(layout.logs, { recursive: true })
  const log = await open(join(layout.logs, 'host-init.log'), 'w')
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', '--uts', '--pid', '--fork', '--kill-child'].concat(
      ['/bin/sh', HOST_INIT, layout.root],
      binds.flat(),
    ),
    {
      detached: true,
      cwd: '/',
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        LC_ALL: 'C.UTF-8',
        HOME: '/root',
        HOST_NAME: layout.kind.hostName ?? '',
      },
      stdio: ['ignore', 'pipe', log.fd],
    },
  )
  const { stdout } = child
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) =>
        reject(new Error(`the host's first process ended with code ${code}: see ${layout.logs}`)),
      )
      stdout?.once('data', () => resolve())
    })
    child.removeAllListeners('exit')
    const unsharePid = child.pid
    if (unsharePid === undefined) throw new Error('unshare did not start')
    const children = await readFile(`/proc/${unsharePid}/task/${unsharePid}/children`, 'utf8')
    const pid = Number(children.trim())
    const startTime = await startTimeOf(pid)
    if (startTime === undefined) throw new Error(`the host's first process is gone: see ${layout.logs}`)
    const record: RunRecord = { pid, startTime }
    await writeFile(layout.runRecord, JSON.stringify(record))
  } finally {
    await log.close()
    stdout?.destroy()
    child.unref()
  }
}

/** Ends every process of the host at once, as a power cut would. Does nothing when it is down. */
export async function endHostProcess(layout: Layout): Promise<void> {
  const pid = await hostPid(layout)
  if (pid !== undefined) {
    process.kill(pid, 'SIGKILL')
    await waitUntil(async () => (await startTimeOf(pid)) === undefined, {
      timeoutMs: END_TIMEOUT_MS,
      what: `the end of process ${pid}`,
    })
  }
  await waitUntil(async () => (await processesIn(layout.root)).length === 0, {
    timeoutMs: END_TIMEOUT_MS,
    what: `the end of the processes in ${layout.root}`,
  })
  await rm(layout.runRecord, { force: true })
}

/** Ids of the machine's processes whose root folder is the host's system. */
export async function processesIn(root: string): Promise<readonly number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if ((await readlink(`/proc/${name}/root`)) === root) found.push(Number(name))
    } catch (error) {
      // A process may end between the listing and the look, and some machines hide their own first process.
      if (!isGone(error) && !hasCode(error, 'EACCES', 'EPERM')) throw error
    }
  }
  return found
}

/**
 * Runs a command inside the host.
 * @throws Error when the host is down.
 */
export async function runInHost(
  layout: Layout,
  command: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'input'> = {},
): Promise<CommandResult> {
  const pid = await hostPid(layout)
  if (pid === undefined) throw new Error('the real host is down: start it with `npm run host:up`')
  return await runCommand(
    'nsenter',
    ['--target', String(pid), '--mount', '--uts', '--pid', '--root', '--wd', command, ...args],
    options,
  )
}

/**
 * Lets a running host see a folder of the machine, at a place below its `/run`, until it ends.
 * @throws Error when the host is down or the folder cannot be shown.
 */
export async function showFolder(layout: Layout, folder: string, at: string): Promise<void> {
  const pid = await hostPid(layout)
  if (pid === undefined) throw new Error('the real host is down: start it with `npm run host:up`')
  const place = join(layout.root, 'run', at)
  await mkdir(place, { recursive: true })
  // The host's first process has the machine's files outside of its root; only the mounts are its own.
  const script = 'mountpoint --quiet "$2" || mount --bind "$1" "$2"'
  await mustRun('nsenter', ['--target', `${pid}`, '--mount', '/bin/sh', '-c', script, 'sh', folder, place])
}

/** Field 22 of /proc/PID/stat, ticks since boot (proc(5)); `undefined` for a process that ended. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie holds no files and no memory any more; only its parent has not asked for it yet.
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}

function isGone(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ESRCH')
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code)
}

function isRunRecord(value: unknown): value is RunRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'startTime' in value &&
    typeof value.startTime === 'string'
  )
}
