import { bringUp, takeDown } from './bring-up.ts'
import { CANNOT_RUN_EXIT_CODE, CannotRunError } from './cannot-run.ts'
import { NEW_HOST, OLD_HOST, type HostKind } from './host-kind.ts'
import { hostPid, processesIn } from './host-process.ts'
import { KitHost } from './kit-host.ts'
import { layoutOf, realHostDir } from './layout.ts'

const HOST_KINDS = [NEW_HOST, OLD_HOST] as const
const UP_OPTIONS = ['--wait', '--old']

const USAGE = `Usage: node e2e/real-host/cli.ts up [--wait] [--old] | down [--old] | status
  up      brings up libvirtd, QEMU and the guests; --wait comes back when every guest has booted
          --old: the second host, with Debian 12's libvirt 9.0, instead
  down    ends every process of both hosts, or with --old of the second; what was built stays for the next time
  status  says what runs`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function up(kind: HostKind, wait: boolean): Promise<void> {
  const startedAt = performance.now()
  const layout = layoutOf(realHostDir(), kind)
  await bringUp(layout, say)
  const host = new KitHost(layout)
  if (wait) {
    for (const guest of kind.guests.filter((candidate) => candidate.started)) {
      await host.waitForBoot(guest.name)
    }
  }
  say(`the real host is up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  say(`CORESHIFT_HOSTS='${hostName(kind)}=${layout.uri}'`)
}

async function down(kinds: readonly HostKind[]): Promise<void> {
  for (const kind of kinds) await takeDown(layoutOf(realHostDir(), kind))
  say(`the ${kinds.length === 1 ? 'old host' : 'real host'} is down`)
}

async function status(kind: HostKind): Promise<void> {
  const layout = layoutOf(realHostDir(), kind)
  const name = hostName(kind)
  const pid = await hostPid(layout)
  if (pid === undefined) {
    say(`host ${name}: down, folder ${layout.root}`)
    return
  }
  const host = new KitHost(layout)
  say(
    `host ${name}: up, process ${pid}, ${(await processesIn(layout.root)).length} processes, folder ${layout.root}`,
  )
  if (!(await host.isDaemonRunning())) {
    say('libvirtd: down')
    return
  }
  const versions = await host.mustVirsh('version', '--daemon')
  const version = (pattern: RegExp): string => pattern.exec(versions)?.[1] ?? 'unknown'
  say(`libvirtd: up, version ${version(/Running against daemon: (\S+)/)}`)
  say(`QEMU: version ${version(/Running hypervisor: QEMU (\S+)/)}`)
  say(`URI: ${layout.uri}`)
  const names = (await host.mustVirsh('list', '--all', '--name')).split('\n').filter((line) => line !== '')
  for (const guest of names) {
    const state = await host.mustVirsh('domstate', guest)
    const online = state === 'running' ? ((await host.onlineCpus(guest)) ?? 'booting') : 'none'
    say(`guest ${guest}: ${state}, CPUs online in the guest: ${online}, console: ${host.console(guest)}`)
  }
}

function hostName(kind: HostKind): string {
  return kind === OLD_HOST ? 'old' : 'real'
}

async function main(args: readonly string[]): Promise<number> {
  const external = process.env['CORESHIFT_REAL_URI']
  if (external !== undefined && external !== '') {
    say(`CORESHIFT_REAL_URI names the host, nothing is brought up or down here`)
    say(`CORESHIFT_HOSTS='real=${external}'`)
    return 0
  }
  const [verb, ...options] = args
  if (verb === 'up' && options.every((option) => UP_OPTIONS.includes(option))) {
    await up(options.includes('--old') ? OLD_HOST : NEW_HOST, options.includes('--wait'))
  } else if (verb === 'down' && options.every((option) => option === '--old')) {
    await down(options.includes('--old') ? [OLD_HOST] : HOST_KINDS)
  } else if (verb === 'status' && options.length === 0) {
    for (const kind of HOST_KINDS) await status(kind)
  } else {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof CannotRunError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = CANNOT_RUN_EXIT_CODE
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
