// `npm test`: sets up what the tests need, runs all of them, ends with one line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './ensure-chromium.mjs'
import { ensureInstalled, nodeBinary, root, toolEnvironment } from './ensure-installed.mjs'

const inCi = process.env.CI === 'true'
const artifacts = join(root, 'artifacts')
const totals = { passed: 0, failed: 0 }
/** What was left out, with the reason. */
const leftOut = []

function step(title, command, args, env = {}) {
  const began = Date.now()
  console.log(`\n── ${title}`)
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: toolEnvironment(env),
  })
  if (result.error) console.error(`${command} could not be started: ${result.error.message}`)
  console.log(
    `── ${title}: ${result.status === 0 ? 'ok' : 'failed'}, ${Math.round((Date.now() - began) / 1000)} s`,
  )
  return result.status === 0
}

/** A step that counts as one test. */
function check(title, command, args, env) {
  totals[step(title, command, args, env) ? 'passed' : 'failed'] += 1
}

/** A test runner that reports its own numbers as JSON. A runner that fails without a failed test counts as one. */
function suite(title, command, args, env, report, read) {
  const path = join(artifacts, report)
  rmSync(path, { force: true })
  const ok = step(title, command, args, env)
  const counts = existsSync(path) ? read(JSON.parse(readFileSync(path, 'utf8'))) : { passed: 0, failed: 0 }
  totals.passed += counts.passed
  totals.failed += counts.failed
  if (!ok && counts.failed === 0) totals.failed += 1
  if (ok && counts.passed === 0) {
    console.error(`${title}: ran no test`)
    totals.failed += 1
  }
}

function leaveOut(what, reason) {
  leftOut.push(`${what}: ${reason}`)
  if (inCi) totals.failed += 1
}

const vitestCounts = (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests })
const playwrightCounts = (report) => ({
  passed: report.stats.expected,
  failed: report.stats.unexpected + report.stats.flaky + report.errors.length,
})

/** @returns {{uri: string} | undefined} */
function bringUpRealHost() {
  if (process.env.CORESHIFT_REAL_URI) return { uri: process.env.CORESHIFT_REAL_URI }
  console.log('\n── real host: bringing it up')
  const result = spawnSync(nodeBinary(), ['e2e/real-host/cli.ts', 'up', '--wait'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: toolEnvironment(),
  })
  process.stdout.write(result.stdout ?? '')
  process.stderr.write(result.stderr ?? '')
  if (result.status === 0) {
    const uri = /qemu\+unix:[^\s';]*libvirt-sock/.exec(result.stdout)?.[0]
    if (uri !== undefined) return { uri }
    leaveOut('tests on a real host', 'the kit did not say where its socket is')
    return undefined
  }
  const lines = (result.stderr ?? '').trim().split('\n')
  leaveOut('tests on a real host', lines.at(-1) || `the kit ended with code ${result.status}`)
  return undefined
}

ensureInstalled()
mkdirSync(artifacts, { recursive: true })

check('dependencies', nodeBinary(), ['scripts/check-dependencies.mjs'])
check('format', 'prettier', ['--check', '--log-level=warn', '.'])
check('lint', 'oxlint', ['--type-aware'])
check('typecheck', 'turbo', ['run', 'typecheck', '--output-logs=errors-only'])
check('build', 'turbo', ['run', 'build', '--output-logs=errors-only'])

suite(
  'unit and integration tests',
  'vitest',
  ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${join(artifacts, 'vitest.json')}`],
  {},
  'vitest.json',
  vitestCounts,
)

const browser = ensureChromium()
const real = bringUpRealHost()
if (real) {
  suite(
    'tests on the real host',
    'vitest',
    [
      'run',
      '--config',
      'vitest.real.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(artifacts, 'vitest-real.json')}`,
    ],
    { CORESHIFT_REAL_URI: real.uri },
    'vitest-real.json',
    vitestCounts,
  )
}
if ('path' in browser) {
  suite(
    'browser specs',
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts'],
    { ...(real && { CORESHIFT_TEST_REAL: '1' }), CORESHIFT_CHROMIUM: browser.path },
    'playwright.json',
    playwrightCounts,
  )
} else {
  leaveOut('browser specs', browser.reason)
}
if (real && !process.env.CORESHIFT_REAL_URI && inCi)
  step('real host: down', nodeBinary(), ['e2e/real-host/cli.ts', 'down'])

for (const line of leftOut) console.log(`left out: ${line}`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed === 0 ? 0 : 1
