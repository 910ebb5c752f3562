import { defineConfig } from 'vitest/config'

// The tests in test/real need a host: without one they are not collected, and the root's test runner says so.
const hasRealHost = (process.env['CORESHIFT_REAL_URI'] ?? '') !== ''

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/*.test.ts', ...(hasRealHost ? ['test/real/*.test.ts'] : [])],
    ...(hasRealHost ? { testTimeout: 300_000, hookTimeout: 300_000 } : {}),
  },
})
