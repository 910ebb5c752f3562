import { execFile, spawn, spawnSync } from 'node:child_process'

/** Result of one run. */
interface VirshResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Debian's package with virsh. */
const PACKAGE = 'libvirt-clients'
const RUN_LIMIT_MS = 60_000

/** Installs virsh where it is missing. Throws when it cannot be had, because the tests that need it must not be skipped. */
export function ensureVirsh(): void {
  if (spawnSync('virsh', ['--version']).status === 0) return
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = (): boolean =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', PACKAGE], { env: environment })
      .status === 0
  if (!install()) {
    // The lists of packages may be old or missing.
    spawnSync('apt-get', ['update'], { env: environment })
    install()
  }
  if (spawnSync('virsh', ['--version']).status !== 0) {
    throw new Error(`virsh is needed for these tests: install it with "apt-get install ${PACKAGE}"`)
  }
}

/** Runs one virsh command. */
export function virsh(uri: string, ...args: readonly string[]): Promise<VirshResult> {
  const environment = { ...process.env, LC_ALL: 'C' }
  return new Promise((resolve) => {
    execFile(
      'virsh',
      ['-c', uri, ...args],
      { timeout: RUN_LIMIT_MS, env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
      },
    )
  })
}

/** `virsh event --all --loop`, running until stopped. */
export class VirshEvents {
  readonly lines: string[] = []
  readonly #child: ReturnType<typeof spawn>
  readonly #ended: Promise<void>

  constructor(uri: string) {
    // Through a pipe virsh would keep lines back; stdbuf makes it write each at once.
    this.#child = spawn('stdbuf', ['-oL', 'virsh', '-c', uri, 'event', '--all', '--loop'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let rest = ''
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const parts = `${rest}${chunk.toString()}`.split('\n')
      rest = parts.pop() ?? ''
      this.lines.push(...parts.filter((line) => line !== ''))
    })
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', () => resolve())
    })
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGINT')
    await this.#ended
  }
}
