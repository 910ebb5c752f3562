import { type ChildProcess, spawn } from 'node:child_process'
import { connect as connectSocket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** How long a daemon may take until it listens. */
const START_TIMEOUT_MS = 60_000

/** A script in a mount and process namespace of its own: its end takes every process and mount along. */
export class PrivateProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #said = ''

  constructor(script: string, args: readonly string[]) {
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
    this.#child = spawn('unshare', [...namespaces, '/bin/sh', '-euc', script, 'sh', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-4000)
      })
    }
  }

  /** The process namespace, for `nsenter --pid=`. */
  get pidNamespace(): string {
    if (this.#child.pid === undefined) throw new Error('it has not started')
    return `/proc/${this.#child.pid}/ns/pid_for_children`
  }

  /** Resolves when something listens on the port, or on the socket of this path. */
  async listening(where: number | string): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS
    while (!(await answers(where))) {
      if (this.#child.exitCode !== null)
        throw new Error(`it ended with code ${this.#child.exitCode}: ${this.#said}`)
      if (performance.now() > deadline) throw new Error(`nothing listens on ${where}: ${this.#said}`)
      await wait(50)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }
}

function answers(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(
      typeof where === 'string' ? { path: where } : { port: where, host: '127.0.0.1' },
    )
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
