import { bringUp, takeDown } from './bring-up.ts'
import { CANNOT_RUN_EXIT_CODE, CannotRunError } from './cannot-run.ts'
import { HOST_KINDS, NEW_HOST, OLD_HOST, SECOND_HOST, type HostKind } from './host-kind.ts'
import { hostPid, processesIn } from './host-process.ts'
import { KitHost } from './kit-host.ts'
import { layoutOf, realHostDir } from './layout.ts'

/** Options that name another host than the first. */
const KIND_OF_OPTION: ReadonlyMap<string, HostKind> = new Map([
  ['--old', OLD_HOST],
  ['--second', SECOND_HOST],
])

const USAGE = `Usage: node e2e/real-host/cli.ts up [--wait] [--old | --second] | down [--old | --second] | status
  up      brings up libvirtd, QEMU and the guests; --wait comes back when every guest has booted
          --old: the host with Debian 12's libvirt 9.0 instead
          --second: a host without guests instead, for migrations
  down    ends every process of all hosts, or of the one that the option names; what was built stays
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
  say(`CORESHIFT_HOSTS='${kind.name}=${layout.uri}'`)
}

async function down(kinds: readonly HostKind[]): Promise<void> {
  for (const kind of kinds) await takeDown(layoutOf(realHostDir(), kind))
  say(`down: ${kinds.map(({ name }) => name).join(', ')}`)
}

async function status(kind: HostKind): Promise<void> {
  const layout = layoutOf(realHostDir(), kind)
  const { name } = kind
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

async function main(args: readonly string[]): Promise<number> {
  const external = process.env['CORESHIFT_REAL_URI']
  if (external !== undefined && external !== '') {
    say(`CORESHIFT_REAL_URI names the host, nothing is brought up or down here`)
    say(`CORESHIFT_HOSTS='real=${external}'`)
    return 0
  }
  const [verb, ...options] = args
  const wait = options.includes('--wait')
  const [option, ...more] = options.filter((each) => each !== '--wait')
  const kind = option === undefined ? NEW_HOST : KIND_OF_OPTION.get(option)
  const understood = kind !== undefined && more.length === 0
  if (verb === 'up' && understood) {
    await up(kind, wait)
  } else if (verb === 'down' && understood && !wait) {
    await down(option === undefined ? HOST_KINDS : [kind])
  } else if (verb === 'status' && options.length === 0) {
    for (const each of HOST_KINDS) await status(each)
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
