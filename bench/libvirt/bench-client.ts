import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** One client library in a process of its own, behind the line protocol of `clients/`. */
export class BenchClient implements AsyncDisposable {
  readonly name: string
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers: AsyncIterator<string>

  constructor(name: string, file: string, args: readonly string[]) {
    this.name = name
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts it; resolves when it is connected. */
  static async start(name: string, file: string, args: readonly string[]): Promise<BenchClient> {
    const client = new BenchClient(name, file, args)
    await client.#answer()
    return client
  }

  /** Does a task and returns how long it took, in milliseconds, as the client itself measured. */
  async run(task: string, count = 0): Promise<number> {
    this.#child.stdin.write(`${task} ${count}\n`)
    return Number(await this.#answer())
  }

  /** Ages in microseconds of the events heard since the last question. */
  async ages(): Promise<number[]> {
    this.#child.stdin.write('ages\n')
    const ages = await this.#answer()
    return Array.isArray(ages) ? ages.map(Number) : []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.stdin.end()
    this.#child.kill()
    await ended
  }

  async #answer(): Promise<unknown> {
    const { done, value } = await this.#answers.next()
    if (done === true) throw new Error(`${this.name} ended`)
    return JSON.parse(value)
  }
}
