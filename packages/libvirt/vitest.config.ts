import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// The tests in test/real need a host: without one they are not collected, and the root's test runner says so.
const uri = process.env['CORESHIFT_REAL_URI'] ?? ''
// These start daemons of their own from the system of the kit's host.
const root = /[?&]socket=([^&]*)\/run\/libvirt\/libvirt-sock/.exec(uri)?.[1] ?? ''
const hasSystem = root !== '' && existsSync(`${root}/usr/sbin/libvirtd`)
const real = [
  ...(uri === '' ? [] : ['test/real/conformance.test.ts', 'test/real/readme.test.ts']),
  ...(hasSystem
    ? ['test/real/authentication.test.ts', 'test/real/ssh.test.ts', 'test/real/old-daemon.test.ts']
    : []),
]

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/*.test.ts', ...real],
    // Nothing here waits for time to pass: the limits are for busy machines only.
    testTimeout: real.length > 0 ? 300_000 : 60_000,
    hookTimeout: real.length > 0 ? 300_000 : 60_000,
  },
})
