import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { CannotRunError } from './cannot-run.ts'
import { DEBIAN_KEYRING } from './package-source.ts'
import { CommandFailed, mustRun, runCommand } from './run-command.ts'

/** What the kit calls, and the Debian package that brings it where it is missing. */
const TOOLS: ReadonlyArray<readonly [path: string, packageName: string]> = [
  ['/usr/sbin/debootstrap', 'debootstrap'],
  ['/usr/bin/unshare', 'util-linux'],
  ['/usr/bin/nsenter', 'util-linux'],
  ['/usr/bin/flock', 'util-linux'],
  [DEBIAN_KEYRING, 'debian-archive-keyring'],
]

/**
 * Checks that a real host can run on this machine at all.
 * @throws CannotRunError naming the first thing that is missing.
 */
export async function checkMachine(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new CannotRunError(`it needs Linux on x86-64, and this is ${process.platform} on ${process.arch}`)
  }
  if (process.getuid?.() !== 0) throw new CannotRunError('it needs root, for namespaces and device files')
  const release = existsSync('/etc/os-release') ? await readFile('/etc/os-release', 'utf8') : ''
  if (!/^ID(_LIKE)?=.*debian/m.test(release) || !existsSync('/usr/bin/dpkg-deb')) {
    throw new CannotRunError(
      'it needs Debian (apt-get, dpkg-deb and debootstrap), and this is something else',
    )
  }
  const namespaces = await runCommand('unshare', ['--mount', '--pid', '--fork', 'true'])
  if (namespaces.code !== 0) {
    throw new CannotRunError(`it needs namespaces of its own, and ${namespaces.stderr.trim()}`)
  }
}

/** Installs what building needs and the machine lacks. */
export async function installMissingTools(say: (line: string) => void, logFile: string): Promise<void> {
  const missing = new Set(TOOLS.filter(([path]) => !existsSync(path)).map(([, packageName]) => packageName))
  if (missing.size === 0) return
  const names = [...missing]
  say(`installing ${names.join(', ')}`)
  const install = ['-q', '-y', 'install', '--no-install-recommends', ...names]
  const first = await runCommand('apt-get', install, { logFile })
  if (first.code === 0) return
  // A machine whose package lists were never read, or are old, knows the names only after an update.
  try {
    await mustRun('apt-get', ['-q', '-o', 'Acquire::Check-Valid-Until=false', 'update'], { logFile })
    await mustRun('apt-get', install, { logFile })
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    throw new CannotRunError(`${names.join(', ')} could not be installed (${logFile} tells why)`, { cause })
  }
}
