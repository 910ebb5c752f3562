import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // What is in test/real needs a host: `npm run test:real`.
    include: ['src/**/*.test.ts', 'test/*.test.ts'],
  },
})
