import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts', 'test/**/*.test.{ts,tsx}'],
    // PatternFly's modules import style sheets, which Node itself cannot load.
    server: { deps: { inline: [/@patternfly/] } },
  },
})
