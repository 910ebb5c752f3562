import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Installs packages where this is Debian and we may.
 * @param {readonly string[]} packages
 * @returns {string | undefined} why it could not be done; undefined when they are installed
 */
export function installDebianPackages(packages) {
  const command = `apt-get install ${packages.join(' ')}`
  if (process.getuid?.() !== 0) return `only root can install it (${command})`
  if (!existsSync('/usr/bin/apt-get')) return 'there is no apt-get to install it'
  console.error(`Installing ${packages.join(', ')} with apt-get, once …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  // An update may complain about a foreign source and still have what is needed.
  run('update', '-q')
  return run('install', '-y', '-q', '--no-install-recommends', ...packages) ? undefined : `${command} failed`
}
