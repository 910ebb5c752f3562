import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Ends with an error where the registry does not answer; npm's own limit is much longer. */
const INSTALL_TIMEOUT_MS = 120_000

/**
 * The program of another Node, from the packages that npm's package `node` stands for, kept in the user's cache.
 * @throws Error when the registry does not give it.
 */
export async function otherNode(version: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`
  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'coreshift')
  const folder = join(cache, `node-${version}`)
  const program = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(program)) return program
  await mkdir(cache, { recursive: true })
  const scratch = await mkdtemp(`${folder}.new-`)
  try {
    // Without it npm looks for a project in the folders above.
    await writeFile(join(scratch, 'package.json'), '{}')
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error']
    await promisify(execFile)('npm', ['install', ...quiet, `${name}@${version}`], {
      cwd: scratch,
      env,
      timeout: INSTALL_TIMEOUT_MS,
    })
    await rm(folder, { recursive: true, force: true })
    await rename(scratch, folder)
  } catch (cause) {
    throw new Error(
      `Node ${version} (${name}) could not be installed from the npm registry: ${said(cause)}`,
      {
        cause,
      },
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  if (!existsSync(program)) throw new Error(`the package ${name} ${version} has no ${dirname(program)}/node`)
  return program
}

function said(error: unknown): string {
  if (error instanceof Error && 'killed' in error && error.killed === true)
    return `no answer within ${INSTALL_TIMEOUT_MS / 1000} s`
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '')
    return error.stderr.trim()
  return error instanceof Error ? error.message : String(error)
}
