import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startChild } from './child.ts'

const BFF = join(import.meta.dirname, '..', '..', 'apps', 'bff', 'src')

/** The whole product as it is started by a person, over a simulated host. */
export interface Product extends AsyncDisposable {
  readonly url: string
  /** Of an operator. */
  readonly token: string
  /** libvirt URI of the simulated host. */
  readonly hostUri: string
  readonly pid: number | undefined
  /** Its data, removed with it. */
  readonly folder: string
  /** When the simulated host last had an event to tell, on the monotonic clock of this machine, ms. */
  readonly newestEventAt: () => Promise<number>
}

/** @param vms how many VMs the simulated host has, each with 4 of 8 sockets */
export async function startProduct(vms: number): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bff-'))
  const demo = startChild('demo-host.ts')
  const { uri: hostUri } = (await demo.ask({ what: 'start', folder, vms })) as { uri: string }
  const env = {
    ...process.env,
    CORESHIFT_DATA: folder,
    CORESHIFT_DATABASE_URL: '',
    CORESHIFT_LISTEN: '127.0.0.1:0',
    CORESHIFT_HOSTS: `bench=${hostUri}`,
    CORESHIFT_DEMO: '0',
    CORESHIFT_LOG_LEVEL: 'error',
  }
  const created = spawnSync(
    process.execPath,
    [join(BFF, 'admin.ts'), 'token', 'create', '--name', 'bench', '--role', 'operator'],
    { env, encoding: 'utf8' },
  )
  if (created.status !== 0) throw new Error(`no token: ${created.stderr}`)
  const server = spawn(process.execPath, [join(BFF, 'main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with code ${code}`)))
    createInterface({ input: server.stdout }).on('line', (line) => {
      const ready = /ready at (\S+)/.exec(line)
      if (ready?.[1] !== undefined) resolve(ready[1])
    })
  })
  const token = created.stdout.trim()
  await untilKnown(url, token, vms)
  return {
    url,
    token,
    hostUri,
    pid: server.pid,
    folder,
    newestEventAt: async () => ((await demo.ask({ what: 'newest-event' })) as { at: number }).at,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      await demo[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilKnown(url: string, token: string, vms: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { total } = (await readJson(`${url}/api/v1/vms?limit=1`, token)) as { total: number }
    if (total >= vms) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the server does not know ${vms} VMs after a minute`)
}

export async function readJson(url: string, token: string): Promise<unknown> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}
