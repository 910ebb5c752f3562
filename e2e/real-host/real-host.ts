import { KitHost } from './kit-host.ts'
import { NEW_HOST } from './host-kind.ts'
import { layoutOf, realHostDir } from './layout.ts'

export { guestXml, type GuestBehaviour, type GuestSpec } from './guest-definition.ts'
export { KitHost } from './kit-host.ts'
export { startOldRealHost, type OldHost } from './old-host.ts'
export { startSecondRealHost, type HostPair, type MigrationTarget } from './second-host.ts'
export { NEW_HOST_GUESTS, OLD_HOST_GUESTS, type StandardGuest } from './standard-guests.ts'

/** The kit's host in its folder (`CORESHIFT_REAL_DIR`). It must have been brought up with `npm run host:up`. */
export function realHost(env: NodeJS.ProcessEnv = process.env): KitHost {
  return new KitHost(layoutOf(realHostDir(env), NEW_HOST))
}

/** The libvirt URI that tests on a real host use: `CORESHIFT_REAL_URI` where it is set, else the kit's own. */
export function realHostUri(env: NodeJS.ProcessEnv = process.env): string {
  const external = env['CORESHIFT_REAL_URI']
  return external !== undefined && external !== '' ? external : realHost(env).uri
}

/** Whether tests may restart daemons and make further ones: not where `CORESHIFT_REAL_URI` names a foreign host. */
export function isKitHost(env: NodeJS.ProcessEnv = process.env): boolean {
  return realHostUri(env) === realHost(env).uri
}
