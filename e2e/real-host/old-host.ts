import { bringUpForNow } from './bring-up.ts'
import { OLD_HOST } from './host-kind.ts'
import { KitHost } from './kit-host.ts'
import { layoutOf, realHostDir } from './layout.ts'

/** The kit's host with Debian 12's libvirt 9.0, as long as a test needs it. */
export interface OldHost extends AsyncDisposable {
  readonly host: KitHost
}

/** Brings the host with libvirt 9.0 up. Disposing ends it unless it ran before. */
export async function startOldRealHost(
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = () => undefined,
): Promise<OldHost> {
  const host = new KitHost(layoutOf(realHostDir(env), OLD_HOST))
  const up = await bringUpForNow(host.layout, say)
  return { host, [Symbol.asyncDispose]: () => up[Symbol.asyncDispose]() }
}
