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
    await run('apt-get', ['download', '-q', name], { cwd: scratch })
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
