import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { ConnectionError } from '../errors/connection-error.ts'
import type { SshCommand } from './ssh-command.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/** So much of what ssh says is kept for the error text. */
const STDERR_CHARS_MAX = 2000
/** A process that does not end when asked is killed after this time. */
const KILL_AFTER_MS = 2000

type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>

/** Starts ssh, whose standard input and output carry the packets. */
export async function openSsh(command: SshCommand, description: string): Promise<Transport> {
  const child = spawn(command.file, command.args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
  let said = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    said = (said + text).slice(-STDERR_CHARS_MAX)
  })
  // Writing to a process that has ended fails; its exit, which says more, follows.
  child.stdin.on('error', () => undefined)
  await started(child, command.file)

  return {
    description,
    confidential: true,
    start(handlers: TransportHandlers) {
      child.stdout.on('data', (chunk: Buffer) => handlers.data(chunk, 0, chunk.length))
      child.stdout.once('end', () => end(child))
      // 'close' comes after the last byte of every stream, 'exit' may come before.
      const onClose = (code: number | null, killedBy: NodeJS.Signals | null): void =>
        handlers.closed(exitError(command.file, code, killedBy, said))
      if (child.exitCode === null && child.signalCode === null) child.once('close', onClose)
      else setImmediate(() => onClose(child.exitCode, child.signalCode))
    },
    write: (packet) => void child.stdin.write(packet),
    destroy: () => end(child),
  }
}

async function started(child: SshProcess, file: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('spawn', resolve)
  child.once('error', (error) => {
    reject(new ConnectionError('transport', `cannot run ${file}: ${error.message}`, { cause: error }))
  })
  await promise
}

function end(child: SshProcess): void {
  child.stdin.destroy()
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  timer.unref()
  child.once('exit', () => clearTimeout(timer))
}

function exitError(
  file: string,
  code: number | null,
  killedBy: NodeJS.Signals | null,
  said: string,
): Error | null {
  if (code === 0 || killedBy === 'SIGTERM') return null
  const how = code === null ? `was ended by ${killedBy ?? 'a signal'}` : `ended with code ${code}`
  const text = said.trim()
  return new ConnectionError('transport', `${file} ${how}${text === '' ? '' : `: ${text}`}`)
}
