import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HOOK_MOMENTS, type Hook } from '@coreshift/shared/contract'

export type HookMoment = Hook['moment']

/** Hooks of one moment; more would make every resize wait for ever. */
const HOOKS_MAX = 50
/** Execute by owner, group or others: what has none of these bits is no hook. */
const EXECUTABLE = 0o111

/** An executable found in the folder. */
export interface FoundHook extends Hook {
  readonly file: string
}

/** The folder of hooks cannot be used: who configured hooks wants them to run, so nothing may go on without them. */
export class HookFolderError extends Error {
  override readonly name = 'HookFolderError'
}

/**
 * The executables in `<folder>/before-resize` or `<folder>/after-resize`, by name. A folder of a moment may be missing;
 * hidden files, editors' backups and what is not executable are no hooks.
 * @throws HookFolderError when the folder itself, or the one of the moment, cannot be read
 */
export async function findHooks(folder: string, moment: HookMoment): Promise<FoundHook[]> {
  await requireFolder(folder)
  const inside = join(folder, moment)
  const names = await readNames(inside)
  const found: FoundHook[] = []
  for (const name of names.filter(isHookName).sort()) {
    const file = join(inside, name)
    if (await isExecutable(file)) found.push({ moment, name, file })
  }
  if (found.length > HOOKS_MAX) {
    throw new HookFolderError(`${inside} holds ${found.length} hooks; ${HOOKS_MAX} are the most.`)
  }
  return found
}

/** Hooks of both moments, in the order in which they run. */
export async function listHooks(folder: string): Promise<FoundHook[]> {
  const lists = await Promise.all(HOOK_MOMENTS.map((moment) => findHooks(folder, moment)))
  return lists.flat()
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: unknown) => {
    throw new HookFolderError(`The folder of hooks ${folder} cannot be read: ${codeOf(cause)}.`, { cause })
  })
  if (!found.isDirectory()) throw new HookFolderError(`The folder of hooks ${folder} is no folder.`)
}

async function readNames(inside: string): Promise<string[]> {
  try {
    return await readdir(inside)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw new HookFolderError(`${inside} cannot be read: ${codeOf(cause)}.`, { cause })
  }
}

function isHookName(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~')
}

/** What vanished between the listing and this look is no hook. */
async function isExecutable(file: string): Promise<boolean> {
  try {
    const found = await stat(file)
    return found.isFile() && (found.mode & EXECUTABLE) !== 0
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw new HookFolderError(`${file} cannot be looked at: ${codeOf(cause)}.`, { cause })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
