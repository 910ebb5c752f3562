import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInHost } from './host-process.ts'
import { uuidOf, type Layout } from './layout.ts'

/** How long a daemon may take to end by itself before it is killed. */
const STOP_TIMEOUT_S = 20

const QEMU_CONF = `user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
remember_owner = 0
`

const libvirtdConf = (hostUuid: string): string => `auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_group = "root"
unix_sock_rw_perms = "0770"
host_uuid = "${hostUuid}"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
`

type Daemon = 'virtlogd' | 'libvirtd'

/** Writes the daemons' settings into the host's system. */
export async function writeDaemonSettings(layout: Layout): Promise<void> {
  const folder = join(layout.root, 'etc', 'libvirt')
  await writeFile(join(folder, 'qemu.conf'), QEMU_CONF)
  await writeFile(join(folder, 'libvirtd.conf'), libvirtdConf(uuidOf(layout.root)))
  const names = ['localhost', ...(layout.kind.hostName === undefined ? [] : [layout.kind.hostName])]
  // Without it the host asks the network who it is itself.
  await writeFile(join(layout.root, 'etc', 'hosts'), `127.0.0.1 ${names.join(' ')}\n`)
}

/** Starts a daemon unless it runs, and comes back when it takes connections. */
export async function startDaemon(layout: Layout, daemon: Daemon): Promise<void> {
  if (await isDaemonRunning(layout, daemon)) return
  const result = await runInHost(layout, `/usr/sbin/${daemon}`, ['-d', '-p', pidFile(daemon)])
  if (result.code !== 0) {
    throw new Error(
      `${daemon} did not start: ${result.stderr.trim()} (${join(layout.root, 'var/log/libvirt/libvirtd.log')})`,
    )
  }
}

/** Ends a daemon and waits until its process is gone; guests go on running. */
export async function stopDaemon(
  layout: Layout,
  daemon: Daemon,
  signal: 'TERM' | 'KILL' = 'TERM',
): Promise<void> {
  const script = `
    pid=$(cat ${pidFile(daemon)}) || exit 0
    kill -${signal} "$pid" || exit 0
    tries=0
    while kill -0 "$pid"; do
      tries=$((tries + 1))
      [ $tries -eq ${STOP_TIMEOUT_S * 20} ] && kill -KILL "$pid"
      [ $tries -gt ${STOP_TIMEOUT_S * 40} ] && exit 1
      sleep 0.05
    done`
  const result = await runInHost(layout, '/bin/sh', ['-c', `exec 2> /dev/null; ${script}; exit 0`])
  if (result.code !== 0) throw new Error(`${daemon} could not be ended within ${STOP_TIMEOUT_S * 2} s`)
}

/** Whether the process that the daemon's pid file names is that daemon. */
export async function isDaemonRunning(layout: Layout, daemon: Daemon): Promise<boolean> {
  const script = `pid=$(cat ${pidFile(daemon)}) && read -r name < /proc/$pid/comm && [ "$name" = ${daemon} ]`
  const result = await runInHost(layout, '/bin/sh', ['-c', `exec 2> /dev/null; ${script}`])
  return result.code === 0
}

function pidFile(daemon: Daemon): string {
  return `/run/${daemon}.pid`
}
