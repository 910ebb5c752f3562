import { defineConfig } from '@playwright/test'
import { isKitHost } from './real-host/real-host.ts'
import { CHROMIUM_FLAGS, chromiumPath } from './support/chromium.ts'

const executablePath = chromiumPath()
/** Daemons of a foreign host are not ours to kill, and nothing to make further ones of. */
const onlyOnKitHost = isKitHost() ? [] : ['**/restarts.spec.ts', '**/host-credentials.spec.ts']
const realHost = process.env['CORESHIFT_TEST_REAL'] === '1'

export default defineConfig({
  testDir: 'specs',
  outputDir: '../artifacts/playwright',
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 1,
  // What hangs is ended by the limit of its step, and named. The limit of a test only bounds the sum of its steps, so
  // that a machine that is busy with everything else, where a picture takes seconds, does not fail it.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../artifacts/playwright.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args: CHROMIUM_FLAGS, ...(executablePath !== undefined && { executablePath }) },
  },
  projects: [
    { name: 'demo', testDir: 'specs/demo', use: { actionTimeout: 60_000, navigationTimeout: 60_000 } },
    ...(realHost ? [{ name: 'real', testDir: 'specs/real', testIgnore: onlyOnKitHost }] : []),
  ],
})
