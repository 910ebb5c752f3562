import { bringUpForNow } from './bring-up.ts'
import { NEW_HOST, SECOND_HOST } from './host-kind.ts'
import { showFolder } from './host-process.ts'
import { KitHost } from './kit-host.ts'
import { layoutOf, realHostDir } from './layout.ts'

/** Where a guest goes, as a peer-to-peer migration is asked for (virDomainMigrateToURI3). */
export interface MigrationTarget {
  /** With this URI the source's daemon reaches the target's. */
  readonly destinationUri: string
  /** Parameter `migrate_uri`: the memory goes over loopback; the target's daemon chooses the port. */
  readonly migrateUri: string
}

/** The kit's first host and one like it. Names, UUIDs, sockets and consoles differ, the guests' boot files are the same. */
export interface HostPair extends AsyncDisposable {
  readonly first: KitHost
  /** Comes up without guests. */
  readonly second: KitHost
  readonly toSecond: MigrationTarget
  readonly toFirst: MigrationTarget
}

/**
 * Brings up a second host beside the running first one and makes each known to the other. Disposing ends it,
 * guests included, unless it ran before.
 * @throws Error when the first host is down.
 */
export async function startSecondRealHost(
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = () => undefined,
): Promise<HostPair> {
  const dir = realHostDir(env)
  const first = new KitHost(layoutOf(dir, NEW_HOST))
  const second = new KitHost(layoutOf(dir, SECOND_HOST))
  const up = await bringUpForNow(second.layout, say)
  return {
    first,
    second,
    toSecond: await introduce(first, second),
    toFirst: await introduce(second, first),
    [Symbol.asyncDispose]: () => up[Symbol.asyncDispose](),
  }
}

/** Shows one host the other's `/run`, which stays the same folder however often that one is started anew. */
async function introduce(host: KitHost, peer: KitHost): Promise<MigrationTarget> {
  const at = `peers/${peer.layout.kind.name}`
  await showFolder(host.layout, `${peer.layout.root}/run`, at)
  return {
    destinationUri: `qemu+unix:///system?socket=/run/${at}/libvirt/libvirt-sock`,
    migrateUri: 'tcp://127.0.0.1',
  }
}
