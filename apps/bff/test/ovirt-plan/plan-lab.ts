import type { HostSpec, VmSpec } from '@coreshift/demo-host'
import {
  connect,
  domainLookupByName,
  domainMigratePerform3Params,
  MigrateFlags,
  TypedParams,
} from '@coreshift/libvirt'
import { operatorOf, type Operator } from '../operator.ts'
import { wiredServer, type WiredServer } from '../wired-server.ts'

/** The test plan's bench: the whole server over simulated hosts, used as an operator does, over REST. */
export interface PlanLab extends WiredServer, Operator {
  /** Moves a running VM to another host and waits until it is seen there. */
  migrate(name: string, from: string, to: string): Promise<void>
}

export async function planLab(
  story: readonly HostSpec[],
  options: Parameters<typeof wiredServer>[1] = {},
): Promise<PlanLab> {
  const server = await wiredServer(story, options)
  return {
    ...server,
    ...(await operatorOf(server)),
    async migrate(name, from, to) {
      const [source, target] = [from, to].map((host) => server.demo.hosts.find((one) => one.name === host))
      if (!source || !target) throw new Error(`there is no host ${from} or ${to}`)
      const connection = await connect(source.uri, { transport: () => source.open() })
      try {
        const { domain } = await connection.call(domainLookupByName, { name })
        await connection.call(domainMigratePerform3Params, {
          domain,
          destinationUri: target.uri,
          params: TypedParams.of(),
          cookieIn: new Uint8Array(),
          flags:
            MigrateFlags.LIVE |
            MigrateFlags.PEER2PEER |
            MigrateFlags.PERSIST_DEST |
            MigrateFlags.UNDEFINE_SOURCE,
        })
      } finally {
        await connection.close()
      }
      await server.vmWhen(name, (vm) => vm.hostName === to && vm.status === 'up')
    },
  }
}

/** One host with these VMs. */
export function oneHost(...vms: VmSpec[]): HostSpec[] {
  return [{ name: 'lab', version: '12.8.0', vms }]
}

/** Two hosts between which VMs can move. */
export function twoHosts(first: readonly VmSpec[], second: readonly VmSpec[] = []): HostSpec[] {
  return [
    { name: 'host-1', version: '12.8.0', vms: first },
    { name: 'host-2', version: '12.8.0', vms: second },
  ]
}

/** A VM of the plan: sockets of one core unless said otherwise, with room to grow. */
export function planVm(changes: Partial<VmSpec> = {}): VmSpec {
  return { name: 'vm', os: 'rhel-9', sockets: 2, maxSockets: 8, memoryGib: 1, ...changes }
}
