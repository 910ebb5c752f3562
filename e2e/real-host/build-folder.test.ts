import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildFolder, isBuilt, recipeOf } from './build-folder.ts'

describe('a folder that is built', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'build-folder-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true })
  })

  const writing =
    (text: string) =>
    async (target: string): Promise<void> => {
      await mkdir(target)
      await writeFile(join(target, 'text'), text)
    }

  it('counts as built for its own recipe only', async () => {
    const folder = join(dir, 'thing')
    expect(await isBuilt(folder, 'one')).toBe(false)
    await buildFolder(folder, 'one', writing('first'))
    expect(await isBuilt(folder, 'one')).toBe(true)
    expect(await isBuilt(folder, 'two')).toBe(false)
  })

  it('stays as it was when building it anew fails, and is made from nothing the next time', async () => {
    const folder = join(dir, 'thing')
    await buildFolder(folder, 'one', writing('first'))
    const failing = buildFolder(folder, 'two', async (target) => {
      await writing('half')(target)
      throw new Error('no more packages')
    })
    await expect(failing).rejects.toThrow('no more packages')
    expect(await readFile(join(folder, 'text'), 'utf8')).toBe('first')
    await buildFolder(folder, 'two', writing('second'))
    expect(await readFile(join(folder, 'text'), 'utf8')).toBe('second')
    expect(await readdir(dir)).toEqual(['thing'])
  })

  it('has a recipe that changes with each of its parts and with where one ends', () => {
    const recipes = [recipeOf('ab', 'c'), recipeOf('a', 'bc'), recipeOf('ab', 'd'), recipeOf('abc')]
    expect(new Set(recipes).size).toBe(recipes.length)
  })
})
