import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostRoot } from './host-root.ts'
import { PrivateProcess } from './private-process.ts'
import { PRIVATE_SYSTEM } from './private-system.ts'

/** Users of the daemon's system, by what its polkit rule says of them. */
const POLKIT_USERS = { allowed: 64_101, denied: 64_102, unmentioned: 64_103 } as const
export type PolkitUser = keyof typeof POLKIT_USERS

/** libvirt asks for the group's name too, so it must be one that the system knows. */
const NOGROUP = 65_534

/** A libvirtd of the real host's own system that asks polkit about everyone who connects, with a D-Bus and a polkitd. */
export interface PolkitDaemon extends AsyncDisposable {
  readonly socket: string
  /** Command and arguments that run a command as one of the users, where the daemon sees its process. */
  commandAs(user: PolkitUser, command: readonly string[]): readonly [string, string[]]
}

const START = `${PRIVATE_SYSTEM}
mkdir "$root/run/dbus"
mount --bind "$work/passwd" "$root/etc/passwd"
mount --bind "$work/rules.d" "$root/etc/polkit-1/rules.d"
# The bus starts polkitd when it is first asked for.
chroot "$root" /usr/bin/dbus-daemon --system
exec chroot "$root" /usr/sbin/libvirtd --config /mnt/libvirtd.conf
`

const RULE = `polkit.addRule(function (action, subject) {
  if (action.id === 'org.libvirt.unix.manage') {
    if (subject.user === 'allowed') return polkit.Result.YES
    if (subject.user === 'denied') return polkit.Result.NO
  }
  return polkit.Result.NOT_HANDLED
})
`

export async function startPolkitDaemon(): Promise<PolkitDaemon> {
  const root = hostRoot()
  const folder = await mkdtemp(join(tmpdir(), 'libvirt-polkit-'))
  const users = Object.entries(POLKIT_USERS).map(
    ([name, uid]) => `${name}:x:${uid}:${NOGROUP}::/nonexistent:/usr/sbin/nologin\n`,
  )
  await mkdir(join(folder, 'rules.d'))
  await writeFile(join(folder, 'rules.d', '10-test.rules'), RULE)
  await writeFile(join(folder, 'passwd'), (await readFile(join(root, 'etc/passwd'), 'utf8')) + users.join(''))
  await writeFile(
    join(folder, 'libvirtd.conf'),
    'auth_unix_rw = "polkit"\nhost_uuid = "6d1c7c2e-6c0f-4a0e-9d0a-2f6d3f1a9b52"\n',
  )
  // The users have to reach the socket, and polkitd, which is not root, its rule.
  await chmod(folder, 0o755)
  const daemon = new PrivateProcess(START, [root, folder])
  const socket = join(folder, 'run/libvirt/libvirt-sock')
  const dispose = async (): Promise<void> => {
    await daemon[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await daemon.listening(socket)
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    socket,
    commandAs: (user, command) => {
      const identity = [`--reuid=${POLKIT_USERS[user]}`, `--regid=${NOGROUP}`, '--clear-groups']
      // The program that is run may lie where only root can read.
      const reading = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
      return ['nsenter', [`--pid=${daemon.pidNamespace}`, 'setpriv', ...identity, ...reading, ...command]]
    },
    [Symbol.asyncDispose]: dispose,
  }
}
