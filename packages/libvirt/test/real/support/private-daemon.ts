import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeAuthority } from '../../support/certificates.ts'
import { debianPackage } from '../../../../../e2e/real-host/debian-package.ts'
import { freePort } from '../../../../../e2e/real-host/free-port.ts'
import { PrivateProcess } from './private-process.ts'
import { hostRoot } from './host-root.ts'
import { PRIVATE_SYSTEM } from './private-system.ts'

const run = promisify(execFile)

export const ACCOUNT = { username: 'tester', password: 'a secret, with = and ünïcode' }

/**
 * A second libvirtd of the real host's own system, with its own /run and settings: only the test driver, TCP with SASL,
 * TLS with certificates of the test. The real host does not notice it.
 */
export interface PrivateDaemon extends AsyncDisposable {
  readonly folder: string
  readonly tcpPort: number
  readonly tlsPort: number
  /** PEM files as libvirt names them: cacert.pem, clientcert.pem, clientkey.pem. */
  readonly pki: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Of an authority that the daemon does not know. */
  readonly strangerPki: { readonly ca: string; readonly cert: string; readonly key: string }
}

const START = `${PRIVATE_SYSTEM}
plugins=$3
mount --bind "$plugins" "$root/usr/lib/x86_64-linux-gnu/sasl2"
mount --bind "$work/sasl.conf" "$root/etc/sasl2/libvirt.conf"
chroot "$root" /mnt/saslpasswd2 -p -c -f /mnt/sasldb -a libvirt "$4" < "$work/password"
exec chroot "$root" /usr/sbin/libvirtd --listen --config /mnt/libvirtd.conf
`

export async function startPrivateDaemon(options: {
  readonly mechanisms: string
  readonly authTls?: 'none' | 'sasl'
}): Promise<PrivateDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'libvirt-auth-'))
  const [tcpPort, tlsPort] = [await freePort(), await freePort()]
  const [authority, stranger] = [makeAuthority('test authority'), makeAuthority('stranger')]
  const server = authority.issueServer()
  const [client, strangerClient] = [authority.issueClient('client'), stranger.issueClient('client')]
  const files: Record<string, string> = {
    'cacert.pem': authority.cert,
    'servercert.pem': server.cert,
    'serverkey.pem': server.key,
    'clientcert.pem': client.cert,
    'clientkey.pem': client.key,
    password: ACCOUNT.password,
    'sasl.conf': `mech_list: ${options.mechanisms}\nsasldb_path: /mnt/sasldb\n`,
    'libvirtd.conf': `listen_tls = 1
listen_tcp = 1
listen_addr = "127.0.0.1"
tls_port = "${tlsPort}"
tcp_port = "${tcpPort}"
auth_tcp = "sasl"
auth_tls = "${options.authTls ?? 'none'}"
auth_unix_rw = "none"
auth_unix_ro = "none"
ca_file = "/mnt/cacert.pem"
cert_file = "/mnt/servercert.pem"
key_file = "/mnt/serverkey.pem"
host_uuid = "6d1c7c2e-6c0f-4a0e-9d0a-2f6d3f1a9b51"
`,
  }
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })),
  )
  // By Debian's own program, run inside the host's system, which has its libraries.
  const saslpasswd = join(await debianPackage('sasl2-bin'), 'usr/sbin/saslpasswd2')
  await copyFile(saslpasswd, join(folder, 'saslpasswd2'))
  const plugins = join(await debianPackage('libsasl2-modules'), 'usr/lib/x86_64-linux-gnu/sasl2')
  await run('cp', [
    '-a',
    `${join(await debianPackage('libsasl2-modules-db'), 'usr/lib/x86_64-linux-gnu/sasl2')}/.`,
    plugins,
  ])
  const process = new PrivateProcess(START, [hostRoot(), folder, plugins, ACCOUNT.username])
  const dispose = async (): Promise<void> => {
    await process[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await process.listening(tlsPort)
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    folder,
    tcpPort,
    tlsPort,
    pki: { ca: authority.cert, ...client },
    strangerPki: { ca: authority.cert, ...strangerClient },
    [Symbol.asyncDispose]: dispose,
  }
}
