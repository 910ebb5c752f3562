import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { debianPackage, ensureProgram } from '../../../../../e2e/real-host/debian-package.ts'
import { freePort } from '../../../../../e2e/real-host/free-port.ts'
import { hostRoot } from './host-root.ts'
import { PrivateProcess } from './private-process.ts'

const run = promisify(execFile)

/** An ssh server on loopback through which the real host is reached as if it were another machine. */
export interface PrivateSshd extends AsyncDisposable {
  readonly port: number
  readonly user: string
  readonly keyfile: string
  readonly knownHosts: string
}

const START = `
work=$1 sshd=$2
mkdir -p /run/sshd
mount --bind "$work/passwd" /etc/passwd
export LD_LIBRARY_PATH="$3"
exec "$sshd" -D -e -f "$work/sshd_config"
`

/** What netcat does with -U, for a machine that has none. */
const NETCAT = `import { connect } from 'node:net'
const socket = connect(process.argv.at(-1))
process.stdin.pipe(socket).pipe(process.stdout)
socket.on('close', () => process.exit())
`

export async function startPrivateSshd(): Promise<PrivateSshd> {
  await ensureProgram('ssh', 'openssh-client')
  const folder = await mkdtemp(join(tmpdir(), 'libvirt-ssh-'))
  const port = await freePort()
  const keyfile = join(folder, 'client key')
  const hostKey = join(folder, 'host_key')
  for (const file of [keyfile, hostKey])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const knownHosts = join(folder, 'known hosts')
  const user = userInfo().username
  const passwd = (await readFile('/etc/passwd', 'utf8')).replace(/^sshd:.*\n/m, '')
  await writeFile(join(folder, 'passwd'), `${passwd}sshd:x:74:65534::/run/sshd:/usr/sbin/nologin\n`)
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${await readFile(`${hostKey}.pub`, 'utf8')}`)
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${keyfile}.pub`))
  // The other machine's own virt-ssh-helper and its own view of /run.
  const script = (lines: string): string => `#!/bin/sh\n${lines}\n`
  const programs = {
    'virt-ssh-helper': script(`exec chroot '${hostRoot()}' /usr/bin/virt-ssh-helper "$@"`),
    'a netcat': script(`exec '${process.execPath}' '${join(folder, 'netcat.mjs')}' "$@"`),
  }
  await writeFile(join(folder, 'netcat.mjs'), NETCAT)
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o755)
  }
  await writeFile(
    join(folder, 'sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
AuthorizedKeysFile ${join(folder, 'authorized_keys')}
PermitRootLogin prohibit-password
PasswordAuthentication no
StrictModes no
UsePAM no
PidFile none
SetEnv PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin
`,
  )
  const server = await debianPackage('openssh-server')
  const library = join(await debianPackage('libwrap0'), 'usr/lib/x86_64-linux-gnu')
  const sshd = new PrivateProcess(START, [folder, join(server, 'usr/sbin/sshd'), library])
  const dispose = async (): Promise<void> => {
    await sshd[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await sshd.listening(port)
  } catch (error) {
    await dispose()
    throw error
  }
  return { port, user, keyfile, knownHosts, [Symbol.asyncDispose]: dispose }
}
