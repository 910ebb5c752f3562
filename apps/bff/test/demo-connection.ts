import { connect, type Connection } from '@coreshift/libvirt'
import { startDemo, type VmSpec } from '@coreshift/demo-host'

/** One simulated host with libvirt 12.8, in memory, and a connection to it. */
export interface DemoConnection extends AsyncDisposable {
  readonly connection: Connection
}

export async function connectDemo(vms: readonly VmSpec[]): Promise<DemoConnection> {
  const demo = await startDemo({ listen: false, story: [{ name: 'lab', version: '12.8.0', vms: [...vms] }] })
  const [host] = demo.hosts
  if (!host) throw new Error('the demo has no host')
  const connection = await connect(host.uri, { transport: () => host.open() })
  return {
    connection,
    async [Symbol.asyncDispose]() {
      await connection.close()
      await demo.stop()
    },
  }
}
