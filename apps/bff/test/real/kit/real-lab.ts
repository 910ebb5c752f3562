import { connect as connectToLibvirt } from '@coreshift/libvirt'
import type { Vm } from '@coreshift/shared/contract'
import { realHost, type GuestSpec, type KitHost } from '../../../../../e2e/real-host/real-host.ts'
import type { OpenConnection } from '../../../src/hosts/host-link.ts'
import { composedServer, type ComposedServer } from '../../composed-server.ts'
import { operatorOf, type Operator } from '../../operator.ts'

/** The whole server over real hosts, used as an operator does, with guests of its own. */
export interface RealLab extends ComposedServer, Operator {
  /** Defines a guest that is removed at the end. */
  define(spec: GuestSpec, host?: KitHost): Promise<void>
  /** Starts defined guests at the same time and waits until each has booted. */
  boot(...names: readonly string[]): Promise<void>
  /** vCPUs of the running machine, or of the stored definition, as libvirt counts them. */
  vcpuCount(name: string, which: 'live' | 'config'): Promise<number>
}

/** A name of the test's own, so that nobody else's guest is touched. */
export function ownName(name: string): string {
  return `rules-${name}-${process.pid}`
}

/** Far more than an idle CPU of a kit's guest uses, and less than a busy one gets of a host that is busy itself. */
const BUSY_PERCENT = 5

/** Whether all of these CPUs work. How much of the host's CPUs they get for that is the host's affair. */
export function areBusy({ vcpus }: Vm, ids: readonly number[]): boolean {
  return ids.every((id) => (vcpus[id]?.loadPercent ?? 0) > BUSY_PERCENT)
}

interface RealLabOptions {
  /** The first one is where guests are defined unless said otherwise. Default: the kit's host. */
  readonly hosts?: readonly (readonly [name: string, host: KitHost])[]
  /** For a test that looks at what is sent. Default: the library's own. */
  readonly connect?: OpenConnection
}

export async function realLab({
  hosts = [['real', realHost()]],
  connect = connectToLibvirt,
}: RealLabOptions = {}): Promise<RealLab> {
  const [first] = hosts
  if (!first) throw new Error('the lab needs a host')
  const guests = new Map<string, KitHost>()
  const server = await composedServer({
    hosts: hosts.map(([name, { uri }]) => ({ name, uri, source: 'environment' })),
    connect,
  })

  async function removeEverywhere(name: string): Promise<void> {
    for (const [, host] of hosts) {
      const known = (await host.mustVirsh('list', '--all', '--name')).split('\n')
      if (known.includes(name)) await host.removeGuest(name)
    }
  }

  return {
    ...server,
    // Real guests on a busy machine take their time; how long one may take is not what is looked at.
    ...(await operatorOf(server, { policy: 'background' })),
    async define(spec, host = first[1]) {
      guests.set(spec.name, host)
      await host.defineGuest(spec)
      await server.vmWhen(spec.name, () => true)
    },
    async boot(...names) {
      await Promise.all(
        names.map(async (name) => {
          const host = guests.get(name) ?? first[1]
          await host.startGuest(name)
          await host.waitForBoot(name)
          await server.vmWhen(name, ({ status }) => status === 'up')
        }),
      )
    },
    async vcpuCount(name, which) {
      const host = guests.get(name) ?? first[1]
      return Number(await host.mustVirsh('vcpucount', name, '--current', `--${which}`))
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      for (const name of guests.keys()) await removeEverywhere(name)
    },
  }
}
