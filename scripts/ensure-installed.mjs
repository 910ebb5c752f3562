// Runs on any Node from 18 on: this is what brings Node 26 and everything else to a bare machine.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDebianPackages } from './install-debian-packages.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const stamp = join(root, 'node_modules', '.coreshift-lock-sha256')

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** Installs the locked dependencies unless that is done already. Ends the process with a sentence when it fails. */
export function ensureInstalled() {
  const wanted = lockDigest()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(nodeBinary())) return
  console.error('Installing dependencies (npm ci), once …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(npm, ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.error) fail(`npm could not be started: ${result.error.message}. Install npm 10 or later.`)
  if (result.status !== 0) fail('npm ci failed; its own words are above. Nothing was started.')
  ensureNodeRuns()
  writeFileSync(stamp, wanted)
}

/** Node's own build needs a library of the compiler's that a bare machine may lack; the loader's words name it. */
function ensureNodeRuns() {
  const words = () => spawnSync(nodeBinary(), ['--version'], { encoding: 'utf8' }).stderr
  if (words()?.includes('libatomic') !== true) return
  const why = installDebianPackages(['libatomic1'])
  if (why === undefined && words()?.includes('libatomic') !== true) return
  fail(
    `Node 26 needs the library libatomic, and ${why ?? 'it is still not found'}. Install libatomic1 (Debian, Ubuntu) or libatomic (Fedora, RHEL) and start again.`,
  )
}

/** Node 26 as the lock file names it, whatever Node runs this script. */
export function nodeBinary() {
  return join(root, 'node_modules', 'node', 'bin', 'node')
}

/** Environment in which npm scripts and tools find Node 26 first. */
export function toolEnvironment(extra = {}) {
  const bins = [dirname(nodeBinary()), join(root, 'node_modules', '.bin')].join(':')
  return {
    ...process.env,
    PATH: `${bins}:${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    ...extra,
  }
}

/** Runs a tool of the project; ends the process when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: toolEnvironment(), ...options })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  return result.status ?? 1
}

export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
