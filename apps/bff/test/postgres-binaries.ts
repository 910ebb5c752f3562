import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DEBIAN_FOLDER = '/usr/lib/postgresql'

/**
 * Folder with `initdb` and `postgres`. Installs Debian's package where there is none.
 * @throws with a sentence that says what to install
 */
export function postgresBinaries(): string {
  const found = findBinaries()
  if (found !== undefined) return found
  installFromDebian()
  const installed = findBinaries()
  if (installed === undefined) throw new Error(missing('the package brought no initdb'))
  return installed
}

function findBinaries(): string | undefined {
  const folders = [
    ...(existsSync(DEBIAN_FOLDER)
      ? readdirSync(DEBIAN_FOLDER)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
      : []),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function installFromDebian(): void {
  if (process.getuid?.() !== 0) throw new Error(missing('only root can install it'))
  // Debian's package would make and start a cluster of its own.
  const folder = '/etc/postgresql-common'
  if (!existsSync(join(folder, 'createcluster.conf'))) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'createcluster.conf'), 'create_main_cluster = false\n')
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'postgresql'],
  ]) {
    const result = spawnSync('apt-get', args, { env, encoding: 'utf8' })
    if (result.status !== 0) {
      throw new Error(missing(`apt-get ${args[0]} failed: ${result.error?.message ?? result.stderr.trim()}`))
    }
  }
}

function missing(why: string): string {
  return `The store is tested on a real PostgreSQL and there is none on this machine (${why}). Install it: apt-get install postgresql`
}
