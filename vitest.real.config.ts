import { defineConfig } from 'vitest/config'

/** Tests that need a real libvirt host (`CORESHIFT_REAL_URI`). One at a time: they share its guests. */
export default defineConfig({
  test: {
    include: ['packages/*/test/real/**/*.test.ts', 'apps/*/test/real/**/*.real.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
