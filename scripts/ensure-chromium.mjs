import { existsSync } from 'node:fs'
import { installDebianPackages } from './install-debian-packages.mjs'

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
  const why = installDebianPackages(['chromium', 'fonts-dejavu-core'])
  if (why !== undefined) return { reason: `no Chromium here, and ${why}` }
  const installed = CANDIDATES.find((path) => existsSync(path))
  return installed ? { path: installed } : { reason: 'apt-get installed chromium, but no browser was found' }
}
