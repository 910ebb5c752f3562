import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * Finds a Chromium, or installs Debian's where this is Debian and we may.
 * @returns {{path: string} | {reason: string}}
 */
export function ensureChromium() {
  const named = process.env.CORESHIFT_CHROMIUM
  if (named)
    return existsSync(named)
      ? { path: named }
      : { reason: `CORESHIFT_CHROMIUM names ${named}, which does not exist` }
  const found = CANDIDATES.find((path) => existsSync(path))
  if (found) return { path: found }
  if (process.getuid?.() !== 0)
    return { reason: 'no Chromium here, and only root can install one (apt-get install chromium)' }
  if (!existsSync('/usr/bin/apt-get')) return { reason: 'no Chromium here, and no apt-get to install one' }
  console.error("Installing Debian's Chromium, once …")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ]) {
    const result = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    // An update may complain about a foreign source and still have what is needed.
    if (result.status !== 0 && args[0] === 'install') return { reason: `apt-get ${args.join(' ')} failed` }
  }
  const installed = CANDIDATES.find((path) => existsSync(path))
  return installed ? { path: installed } : { reason: 'apt-get installed chromium, but no browser was found' }
}
