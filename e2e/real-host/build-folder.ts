import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const STAMP = '.built.json'

interface Stamp {
  readonly recipe: string
}

/** The file that says how `folder` was made; what is made from the folder can depend on it. */
export function stampOf(folder: string): string {
  return join(folder, STAMP)
}

/** Names a way of making something, so that what was made another way is made again. */
export function recipeOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** Whether `folder` was completed by the same recipe; a folder without a stamp is a broken build. */
export async function isBuilt(folder: string, recipe: string): Promise<boolean> {
  const path = stampOf(folder)
  if (!existsSync(path)) return false
  const stamp: unknown = JSON.parse(await readFile(path, 'utf8'))
  return isStamp(stamp) && stamp.recipe === recipe
}

/**
 * Makes `folder` through `build` under a temporary name and renames it when it is complete, so that a folder
 * of the final name is always whole. What an earlier, interrupted build left is removed first.
 */
export async function buildFolder(
  folder: string,
  recipe: string,
  build: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${folder}.new`
  await rm(temporary, { recursive: true, force: true })
  await build(temporary)
  const stamp: Stamp = { recipe }
  await writeFile(stampOf(temporary), JSON.stringify(stamp))
  await rm(folder, { recursive: true, force: true })
  await rename(temporary, folder)
}

function isStamp(value: unknown): value is Stamp {
  return typeof value === 'object' && value !== null && 'recipe' in value && typeof value.recipe === 'string'
}
