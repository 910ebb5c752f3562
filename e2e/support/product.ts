import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** A server that is not ready by then will not be. */
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 15_000
/** The last part of the server's output, for the message when it does not start. */
const OUTPUT_KEPT = 8000

export interface ProductOptions {
  /** Value of CORESHIFT_HOSTS; without it the demo host is served. */
  readonly hosts?: string
  readonly env?: Readonly<Record<string, string>>
  /** Default: a free port of the loopback interface. */
  readonly listen?: string
}

/** The product as a person starts it, on a free port, with a data folder of its own. */
export class Product {
  readonly dataDir: string
  readonly #options: ProductOptions
  #server: ChildProcess | undefined
  #output = ''
  /** Address of the page, without a trailing slash. */
  url = ''
  /** The one-time link, while no account exists. */
  firstRunUrl: string | undefined

  private constructor(dataDir: string, options: ProductOptions) {
    this.dataDir = dataDir
    this.#options = options
  }

  /** What the server wrote last, standard output and standard error. */
  get output(): string {
    return this.#output
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = new Product(await mkdtemp(join(tmpdir(), 'coreshift-e2e-')), options)
    await product.start(options.listen ?? '127.0.0.1:0')
    return product
  }

  /** Starts the server; a restart keeps address and data. */
  async start(listen = new URL(this.url).host): Promise<void> {
    this.#output = ''
    const server = spawn(process.execPath, [join(root, 'apps/bff/src/main.ts')], {
      cwd: root,
      env: this.#environment({ CORESHIFT_LISTEN: listen }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#server = server
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const take = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_KEPT)
      const link = /(http:\/\/\S+\/first-run\?token=\S+)/.exec(this.#output)
      if (link) this.firstRunUrl = link[1]
      const ready = /Coreshift is ready at (https?:\/\/\S+)/.exec(this.#output)
      if (ready?.[1] !== undefined) {
        this.url = ready[1].replace(/\/$/, '')
        resolve()
      }
    }
    server.stdout.on('data', take)
    server.stderr.on('data', take)
    server.once('exit', (code) => reject(new Error(`the server ended with code ${code}:\n${this.#output}`)))
    const timer = setTimeout(
      () => reject(new Error(`the server was not ready in time:\n${this.#output}`)),
      START_LIMIT_MS,
    )
    try {
      await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** kill -9, as a crash would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks the server to stop, and removes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.dataDir, { recursive: true, force: true })
  }

  /** Runs the administrator's command line on the same data. @returns its standard output, trimmed */
  async admin(args: readonly string[], stdin = ''): Promise<string> {
    const child = spawn(process.execPath, [join(root, 'apps/bff/src/admin.ts'), ...args], {
      cwd: root,
      env: this.#environment({}),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let out = ''
    let problem = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
    child.stdin.end(stdin)
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    if (code !== 0) throw new Error(`admin ${args.join(' ')} ended with code ${code}: ${problem}`)
    return out.trim()
  }

  #environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const { hosts, env } = this.#options
    return {
      ...process.env,
      CORESHIFT_DATA: this.dataDir,
      CORESHIFT_LOG_LEVEL: 'warn',
      ...(hosts === undefined ? { CORESHIFT_DEMO: '1' } : { CORESHIFT_HOSTS: hosts, CORESHIFT_DEMO: '0' }),
      ...env,
      ...extra,
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const server = this.#server
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
    server.kill(signal)
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS)
    await ended
    clearTimeout(timer)
  }
}
