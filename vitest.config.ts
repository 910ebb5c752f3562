import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/*',
      { test: { name: 'real-host kit', root: 'e2e/real-host', include: ['*.test.ts'] } },
    ],
  },
})
