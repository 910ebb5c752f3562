import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The files of a Debian package, unpacked into the user's cache; nothing is installed on the machine. */
export async function debianPackage(name: string): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'coreshift', 'test-packages')
  const folder = join(cache, name)
  await mkdir(cache, { recursive: true })
  if ((await readdir(cache)).includes(name)) return folder
  const scratch = await mkdtemp(join(cache, '.new-'))
  try {
    await withFreshLists(() => run('apt-get', ['download', '-q', name], { cwd: scratch }))
    const file = (await readdir(scratch)).find((each) => each.endsWith('.deb'))
    if (file === undefined) throw new Error(`apt-get download ${name} left no package`)
    await run('dpkg-deb', ['-x', join(scratch, file), join(scratch, 'files')])
    await rename(join(scratch, 'files'), folder)
  } catch (error) {
    // Another test may have been quicker.
    if (!(await readdir(cache)).includes(name)) throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return folder
}

/** Installs a Debian package unless its program is there already. */
export async function ensureProgram(program: string, packageName: string): Promise<void> {
  try {
    await run('which', [program])
  } catch {
    // `which` says no: then the package has to bring it.
    await withFreshLists(() =>
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', packageName]),
    )
  }
}

/** A machine that has never asked Debian for its lists knows no package: ask once, then try again. */
async function withFreshLists(step: () => Promise<unknown>): Promise<void> {
  try {
    await step()
  } catch {
    // The second attempt tells what is really wrong.
    await run('apt-get', ['update', '-q'])
    await step()
  }
}
