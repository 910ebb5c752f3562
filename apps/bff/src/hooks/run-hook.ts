import { spawn, type ChildProcess } from 'node:child_process'
import { dirname } from 'node:path'

/** Bytes kept of each output; the rest is read and thrown away. */
const OUTPUT_MAX_BYTES = 4096
/** Longest message taken from the output. */
const MESSAGE_MAX = 300
/** Time for the outputs to end after the hook did, ms. */
const LAST_WORDS_MS = 500
/** All that a hook finds in its environment. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
}

/** How a hook ended. */
export interface HookRun {
  readonly ms: number
  /** Absent when it was killed, or never started. */
  readonly exit?: number
  readonly signal?: string
  readonly timedOut: boolean
  /** First line of what it said, the standard error before the output; what went wrong when it could not be started. */
  readonly message?: string
}

interface HookCall {
  readonly file: string
  /** Given as JSON on standard input. */
  readonly input: object
  /** After this time it is killed, with everything that it started, ms. */
  readonly limitMs: number
}

/**
 * Runs one executable: never by a shell, without arguments, in a process group of its own that is ended with it, with a
 * clean environment. Never rejects.
 */
export async function runHook({ file, input, limitMs }: HookCall): Promise<HookRun> {
  const startedAt = performance.now()
  const elapsed = (): number => Math.round(performance.now() - startedAt)
  // Without its streams where the process has no file descriptors left; the error event follows then.
  const child: ChildProcess = spawn(file, [], {
    cwd: dirname(file),
    env: ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const [output, errors] = [collect(child.stdout), collect(child.stderr)]
  // A hook need not read what it is given.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(`${JSON.stringify(input)}\n`)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    endGroup(child)
  }, limitMs)
  try {
    const { exit, signal } = await ended(child)
    const message = firstLine(errors()) ?? firstLine(output())
    return {
      ms: elapsed(),
      timedOut,
      ...(exit !== null && { exit }),
      ...(signal !== null && { signal }),
      ...(message !== undefined && { message }),
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ms: elapsed(), timedOut: false, message: `could not be started: ${why}` }
  } finally {
    clearTimeout(timer)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function ended(child: ChildProcess): Promise<{ exit: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exit, signal) => {
      // What it started and left behind would hold its outputs open, and go on unseen.
      endGroup(child)
      const end = (): void => resolve({ exit, signal })
      // What it wrote just before its end is still on the way, but a process that left the group must not hold us.
      const timer = setTimeout(end, LAST_WORDS_MS)
      child.once('close', () => {
        clearTimeout(timer)
        end()
      })
    })
  })
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Nobody is left in the group, which is what was wanted, or only what became another user's (sudo): not ours to end.
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

function collect(stream: NodeJS.ReadableStream | null | undefined): () => string {
  const kept: Buffer[] = []
  let size = 0
  stream?.on('data', (chunk: Buffer) => {
    if (size >= OUTPUT_MAX_BYTES) return
    kept.push(chunk.subarray(0, OUTPUT_MAX_BYTES - size))
    size += chunk.length
  })
  return () => Buffer.concat(kept).toString('utf8')
}

function firstLine(text: string): string | undefined {
  const line = text
    .split('\n')
    // Control characters would play with whoever reads the audit in a terminal.
    .map((one) => one.replaceAll(/\p{C}+/gu, ' ').trim())
    .find((one) => one !== '')
  return line === undefined || line.length <= MESSAGE_MAX ? line : `${line.slice(0, MESSAGE_MAX - 1)}…`
}
