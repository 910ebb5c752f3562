import { defineConfig } from 'vitest/config'
import { isKitHost, realHost, realHostUri } from './e2e/real-host/real-host.ts'

/** Tests that start daemons of their own, made of the kit's system, or that need several of the kit's hosts. */
const KIT_ONLY = '{packages,apps}/*/test/real/kit/**'

if (!isKitHost()) {
  console.warn(
    `left out: ${KIT_ONLY} (authentication, ssh, polkit, libvirt 9.0, migration), because CORESHIFT_REAL_URI names a ` +
      `host that is not the kit's (${realHost().uri}), and there is nothing to make further daemons of`,
  )
}

/** Tests on a real libvirt host: `CORESHIFT_REAL_URI`, else the kit's. One at a time: they share its guests. */
export default defineConfig({
  test: {
    include: ['packages/*/test/real/**/*.test.ts', 'apps/*/test/real/**/*.real.ts'],
    exclude: isKitHost() ? [] : [KIT_ONLY],
    env: { CORESHIFT_REAL_URI: realHostUri() },
    fileParallelism: false,
    // Guests boot and let go when they get CPU time: the limits are for busy machines only.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
