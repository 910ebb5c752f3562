import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder, isBuilt, recipeOf, stampOf } from './build-folder.ts'
import { CannotRunError } from './cannot-run.ts'
import { recordFailure } from './failures.ts'
import { hostPid } from './host-process.ts'
import { layoutOf, type Layout } from './layout.ts'
import {
  DEBIAN_KEYRING,
  debianMirror,
  namedArchive,
  packageVersion,
  privateApt,
  type PackageSource,
} from './package-source.ts'
import { CommandFailed, mustRun, quietEnvironment, runCommand } from './run-command.ts'

const MAKE_ROOT = join(import.meta.dirname, 'make-root.sh')

const COPY = `set -o pipefail
left_out='run/* tmp/* etc/libvirt/qemu/*.xml var/log/libvirt/* var/lib/libvirt/qemu/* var/cache/libvirt/qemu/*'
tar --create --directory="$1" $(printf -- '--exclude=./%s ' $left_out) . | tar --extract --directory="$2"`

/**
 * Makes the host's Debian system unless it is there: from the named local archive, else from the mirror.
 * @returns whether it had to be made.
 * @throws CannotRunError when neither gives the packages.
 */
export async function ensureHostRoot(layout: Layout, say: (line: string) => void): Promise<boolean> {
  const { copyOf } = layout.kind
  if (copyOf !== undefined) return await ensureCopy(layout, layoutOf(layout.dir, copyOf), say)
  const recipe = recipeOf(await readFile(MAKE_ROOT), layout.kind.packages.join(' '))
  if (await isBuilt(layout.root, recipe)) return false
  const fromMirror = (): Promise<PackageSource> => mirrorSuite(layout)
  let cause: unknown
  for (const findSource of layout.kind.takesArchive ? [namedArchive, fromMirror] : [fromMirror]) {
    try {
      const source = await findSource()
      if (source === undefined) continue
      const from = source.kind === 'archive' ? source.folder : "Debian's mirror"
      say(`building ${layout.kind.rootName} from ${source.suite} of ${from}`)
      await buildFolder(layout.root, recipe, (target) =>
        makeRoot(source, target, layout.kind.packages, join(layout.logs, 'make-root.log')),
      )
      return true
    } catch (error) {
      if (!(error instanceof CommandFailed || error instanceof CannotRunError)) throw error
      cause = error
      say(`that failed, and ${await recordFailure(layout, error)} tells why`)
    }
  }
  throw new CannotRunError('neither a local archive nor the mirror gave a libvirt that is new enough', {
    cause,
  })
}

/** Makes the system as a copy of another host's, which may run: what its daemons write is left out. */
async function ensureCopy(layout: Layout, original: Layout, say: (line: string) => void): Promise<boolean> {
  // Whoever runs stays on what it was built from.
  if ((await hostPid(original)) === undefined) await ensureHostRoot(original, say)
  const recipe = recipeOf(await readFile(stampOf(original.root)), COPY)
  if (await isBuilt(layout.root, recipe)) return false
  say(`building ${layout.kind.rootName} as a copy of ${original.kind.rootName}`)
  await buildFolder(layout.root, recipe, async (target) => {
    await mkdir(target, { recursive: true, mode: 0o755 })
    await mustRun('/bin/bash', ['-euc', COPY, 'bash', original.root, target])
  })
  return true
}

/** Runs the build script in namespaces of its own; `target` must not exist yet. */
async function makeRoot(
  source: PackageSource,
  target: string,
  packages: readonly string[],
  logFile: string,
): Promise<void> {
  await rm(logFile, { force: true })
  await mkdir(target, { recursive: true, mode: 0o755 })
  const script = `/usr/share/debootstrap/scripts/${source.suite}`
  await mustRun(
    // The build ends with its caller, however that ends: the next one would work on the same folder.
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private', '--pid', '--fork'].concat([
      '--kill-child',
      '/bin/sh',
      MAKE_ROOT,
    ]),
    {
      env: {
        ...quietEnvironment(),
        TARGET: target,
        SUITE: source.suite,
        URL: source.url,
        ARCHIVE: source.kind === 'archive' ? source.folder : '',
        KEYRING: DEBIAN_KEYRING,
        PACKAGES: packages.join(' '),
        // An older debootstrap does not know newer suites by name; they are all made like sid.
        SCRIPT: existsSync(script) ? script : '/usr/share/debootstrap/scripts/sid',
      },
      logFile,
    },
  )
}

async function mirrorSuite(layout: Layout): Promise<PackageSource> {
  const url = await debianMirror()
  const { suites, libvirtAtLeast } = layout.kind
  for (const suite of suites) {
    const apt = await privateApt(layout.aptState, url, suite, 'amd64')
    const version = await packageVersion(apt, 'libvirt-daemon')
    if (version === undefined) continue
    const comparison = await runCommand('dpkg', ['--compare-versions', version, 'ge', libvirtAtLeast])
    if (comparison.code === 0) return { kind: 'mirror', suite, url }
  }
  throw new CannotRunError(`the mirror has no libvirt ${libvirtAtLeast} or later in ${suites.join(' or ')}`)
}
