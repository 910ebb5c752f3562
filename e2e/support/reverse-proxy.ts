import { execFile, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeAuthority } from '../../packages/libvirt/test/support/certificates.ts'
import { debianPackage } from '../real-host/debian-package.ts'
import { freePort } from '../real-host/free-port.ts'

const run = promisify(execFile)
const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url))
const START_LIMIT_MS = 30_000

/** The name in the files of `deploy/`. */
export const SERVER_NAME = 'coreshift.example.org'

/** A proxy of Debian's in front of a server, on the loopback interface, until it is disposed of. */
export interface ReverseProxy extends AsyncDisposable {
  readonly httpsPort: number
  readonly httpPort: number
  /** The authority of its certificate, PEM. */
  readonly ca: string
}

export const PROXIES = ['nginx', 'caddy'] as const
type ProxyKind = (typeof PROXIES)[number]

interface Place {
  readonly folder: string
  readonly upstreamPort: number
  readonly httpsPort: number
  readonly httpPort: number
}

/** Starts the proxy with our file of `deploy/`; only ports and the certificate are other ones. */
export async function startReverseProxy(kind: ProxyKind, upstreamPort: number): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), `coreshift-${kind}-`))
  const place: Place = { folder, upstreamPort, httpsPort: await freePort(), httpPort: await freePort() }
  const authority = makeAuthority('reverse proxies')
  const { cert, key } = authority.issueServer()
  await writeFile(join(folder, 'fullchain.pem'), cert)
  await writeFile(join(folder, 'privkey.pem'), key)
  const [program, args] = kind === 'nginx' ? await nginx(place) : await caddy(place)

  const proxy = spawn(program, args, {
    cwd: folder,
    env: { HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [proxy.stdout, proxy.stderr]) {
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  }
  const ended = new Promise<void>((resolve) => proxy.once('exit', () => resolve()))
  const dispose = async (): Promise<void> => {
    proxy.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  const deadline = performance.now() + START_LIMIT_MS
  while (!(await accepts(place.httpsPort))) {
    if (proxy.exitCode === null && performance.now() < deadline) {
      await wait(50)
      continue
    }
    await dispose()
    throw new Error(`${kind} does not listen: ${said}`)
  }
  const { httpsPort, httpPort } = place
  return { httpsPort, httpPort, ca: authority.cert, [Symbol.asyncDispose]: dispose }
}

/** Our file as it is included by Debian's `nginx.conf`, and what that has to say about folders. */
async function nginx({ folder, upstreamPort, httpsPort, httpPort }: Place): Promise<[string, string[]]> {
  const ours = await readFile(join(deploy, 'nginx.conf'), 'utf8')
  const site = replaced(ours, [
    ['listen 443 ', `listen 127.0.0.1:${httpsPort} `],
    ['listen [::]:443 ', `listen [::1]:${httpsPort} `],
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen [::]:80;', `listen [::1]:${httpPort};`],
    ['/etc/ssl/coreshift/', `${folder}/`],
    ['http://127.0.0.1:8730', `http://127.0.0.1:${upstreamPort}`],
  ])
  await mkdir(join(folder, 'temp'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
    .join('\n')
  await writeFile(join(folder, 'site.conf'), site)
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;\npid ${folder}/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n${temporary}\ninclude ${folder}/site.conf;\n}\n`,
  )
  const program = join(await debianPackage('nginx'), 'usr/sbin/nginx')
  const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]
  await run(program, [...args, '-t'])
  return [program, args]
}

async function caddy({ folder, upstreamPort, httpsPort, httpPort }: Place): Promise<[string, string[]]> {
  const ours = await readFile(join(deploy, 'Caddyfile'), 'utf8')
  const certificate = `tls ${folder}/fullchain.pem ${folder}/privkey.pem`
  const site = replaced(ours, [
    [`${SERVER_NAME} {`, `${SERVER_NAME} {\n\tbind 127.0.0.1\n\t${certificate}`],
    ['127.0.0.1:8730', `127.0.0.1:${upstreamPort}`],
  ])
  const global = `{\n\tadmin off\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n}\n`
  await writeFile(join(folder, 'Caddyfile'), global + site)
  const program = join(await debianPackage('caddy'), 'usr/bin/caddy')
  const args = ['--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
  await run(program, ['validate', ...args], { env: { HOME: folder } })
  return [program, ['run', ...args]]
}

/** @throws when the file does not say what is to be replaced */
function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the file of deploy/ says nowhere "${from}"`)
    return changed.replaceAll(from, to)
  }, text)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
