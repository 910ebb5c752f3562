import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modulesInOrder } from './kernel-modules.ts'

describe('the order in which kernel modules are loaded', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kernel-modules-'))
    await mkdir(join(dir, 'drivers'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true })
  })
  const write = (name: string, depends: string): Promise<void> =>
    writeFile(join(dir, 'drivers', `${name}.ko`), `\x7fELF\0license=GPL\0depends=${depends}\0name=${name}\0`)

  it('puts what a module needs before it, once, whether the file’s name has dashes or underscores', async () => {
    await write('virtio', '')
    await write('virtio-ring', 'virtio')
    await write('virtio_pci', 'virtio,virtio_ring')
    await write('unused', '')
    const modules = await modulesInOrder(dir, ['virtio_pci', 'virtio'])
    expect(modules.map((module) => module.name)).toEqual(['virtio', 'virtio_ring', 'virtio_pci'])
  })

  it('says which module is missing', async () => {
    await write('button', 'absent')
    await expect(modulesInOrder(dir, ['button'])).rejects.toThrow('there is no kernel module absent')
  })
})
