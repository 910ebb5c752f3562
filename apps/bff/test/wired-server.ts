import { startDemo, type Demo, type HostSpec } from '@coreshift/demo-host'
import { connect } from '@coreshift/libvirt'
import { openDemoDoor } from '../src/demo/open-demo-door.ts'
import { composedServer, type ComposedServer, type ComposedServerOptions } from './composed-server.ts'

/** The composed server over simulated hosts in memory. */
export interface WiredServer extends ComposedServer {
  readonly demo: Demo
}

export async function wiredServer(
  story: readonly HostSpec[],
  options: Pick<ComposedServerOptions, 'hooksFolder'> = {},
): Promise<WiredServer> {
  const demo = await startDemo({ listen: false, story })
  const server = await composedServer({
    ...options,
    hosts: demo.hosts.map(({ name, uri }) => ({ name, uri, source: 'demo' })),
    connect: (uri, options) => {
      const host = demo.hosts.find((one) => one.uri === uri)
      if (!host) throw new Error(`no simulated host has the URI ${uri}`)
      return connect(uri, { ...options, transport: () => host.open() })
    },
    demo: openDemoDoor(demo.control),
  })
  const names = story
    .filter(({ online }) => online !== false)
    .flatMap(({ vms }) => vms.map(({ name }) => name))
  await Promise.all(names.map((name) => server.vmWhen(name, () => true)))
  return {
    ...server,
    demo,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await demo.stop()
    },
  }
}
