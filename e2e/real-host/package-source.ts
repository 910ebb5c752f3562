import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CannotRunError } from './cannot-run.ts'
import { mustRun, runCommand } from './run-command.ts'

/** Debian's archive keys, as the package debian-archive-keyring installs them. */
export const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Where the packages of the host's own system come from. */
export type PackageSource =
  | { readonly kind: 'archive'; readonly folder: string; readonly suite: string; readonly url: string }
  | { readonly kind: 'mirror'; readonly suite: string; readonly url: string }

/**
 * The local archive that `CORESHIFT_REAL_PACKAGES` names, or `undefined` when it names none.
 * @throws CannotRunError when the named folder is no Debian archive.
 */
export async function namedArchive(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Extract<PackageSource, { kind: 'archive' }> | undefined> {
  const named = env['CORESHIFT_REAL_PACKAGES']
  if (named === undefined || named === '') return undefined
  const folder = resolve(named)
  const dists = join(folder, 'dists')
  const suites = existsSync(dists) ? await readdir(dists) : []
  const suite = suites.find((name) => existsSync(join(dists, name, 'Release')))
  if (suite === undefined) {
    throw new CannotRunError(
      `CORESHIFT_REAL_PACKAGES names ${folder}, which holds no Debian archive (dists/SUITE/Release)`,
    )
  }
  return { kind: 'archive', folder, suite, url: `file://${folder}` }
}

/**
 * The Debian mirror the machine itself uses; `CORESHIFT_REAL_MIRROR` names another.
 * @throws CannotRunError when there is neither.
 */
export async function debianMirror(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['CORESHIFT_REAL_MIRROR']
  if (named !== undefined && named !== '') return named
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)'
  const targets = await runCommand('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  for (const line of targets.stdout.split('\n')) {
    const [url, release, component] = line.split('|')
    if (url === undefined || release === undefined || component !== 'main') continue
    if (!/\/debian\/?$/.test(url) || !/^[a-z]+$/.test(release)) continue
    return url.replace(/\/$/, '')
  }
  throw new CannotRunError("this machine's apt knows no Debian mirror; CORESHIFT_REAL_MIRROR can name one")
}

/** A package manager of its own for one suite and architecture, apart from the machine's settings. */
export interface PrivateApt {
  readonly suite: string
  readonly options: readonly string[]
}

/**
 * Makes a package manager that knows one suite of the mirror for one architecture, and reads its lists.
 * The machine's proxies apply; its sources, its installed packages and its cache are not touched.
 * @throws CommandFailed when the mirror does not answer.
 */
export async function privateApt(
  stateDir: string,
  mirror: string,
  suite: string,
  architecture: string,
): Promise<PrivateApt> {
  const dir = join(stateDir, `${suite}-${architecture}`)
  await mkdir(join(dir, 'lists', 'partial'), { recursive: true })
  await mkdir(join(dir, 'cache', 'archives', 'partial'), { recursive: true })
  await writeFile(join(dir, 'status'), '')
  await writeFile(join(dir, 'sources.list'), `deb [signed-by=${DEBIAN_KEYRING}] ${mirror} ${suite} main\n`)
  const settings: Readonly<Record<string, string>> = {
    'Dir::State::Lists': join(dir, 'lists'),
    'Dir::State::status': join(dir, 'status'),
    'Dir::Cache': join(dir, 'cache'),
    'Dir::Etc::sourcelist': join(dir, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': architecture,
    'APT::Architectures::': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'APT::Update::Error-Mode': 'any',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await mustRun('apt-get', [...options, '-q', 'update'])
  return { suite, options }
}

/** The version of a package in that suite, or `undefined` when it has none of that name. */
export async function packageVersion(apt: PrivateApt, name: string): Promise<string | undefined> {
  const shown = await runCommand('apt-cache', [...apt.options, 'show', '--no-all-versions', name])
  return /^Version: (.+)$/m.exec(shown.stdout)?.[1]
}

/**
 * The packages of that suite whose whole name matches `pattern`, the newest first by the numbers in their names.
 * @throws Error when there is none.
 */
export async function packagesNamed(apt: PrivateApt, pattern: string): Promise<string[]> {
  const found = await mustRun('apt-cache', [...apt.options, 'search', '--names-only', `^${pattern}$`])
  const byNumber = new Intl.Collator('en', { numeric: true })
  const names = found
    .split('\n')
    .flatMap((line) => /^\S+/.exec(line)?.[0] ?? [])
    .toSorted((one, other) => byNumber.compare(other, one))
  if (names.length === 0) throw new Error(`${apt.suite} has no package that is named like ${pattern}`)
  return names
}

/** Downloads packages and unpacks them, one over the other, into `folder`; nothing of them is run. */
export async function unpackPackages(
  apt: PrivateApt,
  packages: readonly string[],
  folder: string,
): Promise<void> {
  const downloads = `${folder}.debs`
  await mkdir(downloads, { recursive: true })
  await mkdir(folder, { recursive: true })
  await mustRun('apt-get', [...apt.options, '-q', 'download', ...packages], { cwd: downloads })
  for (const name of await readdir(downloads)) {
    await mustRun('dpkg-deb', ['--extract', join(downloads, name), folder])
  }
  await mustRun('rm', ['-rf', downloads])
}
