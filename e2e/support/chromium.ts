import { existsSync } from 'node:fs'

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** A Chromium of this machine; the test command installs Debian's where there is none. */
export function chromiumPath(): string | undefined {
  return process.env['CORESHIFT_CHROMIUM'] ?? CANDIDATES.find((path) => existsSync(path))
}

/** Flags with which Chromium runs as root in a closed network and looks the same everywhere. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
