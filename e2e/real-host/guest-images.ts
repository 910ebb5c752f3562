import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { buildFolder, isBuilt, recipeOf, stampOf } from './build-folder.ts'
import { cpioArchive, type ArchiveEntry } from './cpio-archive.ts'
import { modulesInOrder } from './kernel-modules.ts'
import type { Layout } from './layout.ts'
import { mustRun } from './run-command.ts'

const INIT = join(import.meta.dirname, 'guest-init.sh')
const OWN_SOURCES = ['guest-images.ts', 'cpio-archive.ts', 'kernel-modules.ts']

/** Modules of the x86 guest: the agent's serial port, and the power button that `virsh shutdown` presses. */
const X86_MODULES = ['virtio_pci', 'virtio_console', 'button', 'evdev'] as const
const LOADER = 'lib64/ld-linux-x86-64.so.2'
const LIBRARY_FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'] as const

/** Makes the guests' boot files (`x86.kernel`, `x86.initrd`, `agent.initrd`, `ppc.kernel`, `ppc.initrd`). */
export async function ensureGuestImages(layout: Layout, say: (line: string) => void): Promise<boolean> {
  const sources = await Promise.all(
    OWN_SOURCES.map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
  )
  const kernels = await readFile(stampOf(layout.kernels))
  const recipe = recipeOf(await readFile(INIT), kernels, ...sources)
  if (await isBuilt(layout.guests, recipe)) return false
  say('making the guests’ boot files')
  await buildFolder(layout.guests, recipe, async (target) => {
    await mkdir(target, { recursive: true })
    for (const kind of ['x86', 'ppc'] as const) {
      await copyFile(join(layout.kernels, kind, 'kernel'), join(target, `${kind}.kernel`))
    }
    const ppc = await baseEntries(join(layout.kernels, 'ppc', 'files'))
    const x86Files = join(layout.kernels, 'x86', 'files')
    const x86 = [...(await baseEntries(x86Files)), ...(await moduleEntries(x86Files))]
    const agent = [...x86, ...(await agentEntries(join(layout.kernels, 'x86', 'agent')))]
    await writeInitrd(join(target, 'ppc.initrd'), ppc)
    await writeInitrd(join(target, 'x86.initrd'), x86)
    await writeInitrd(join(target, 'agent.initrd'), agent)
  })
  return true
}

async function baseEntries(files: string): Promise<readonly ArchiveEntry[]> {
  const busybox = ['bin/busybox', 'usr/bin/busybox'].map((path) => join(files, path)).find(existsSync)
  if (busybox === undefined) throw new Error(`there is no busybox below ${files}`)
  return [
    { kind: 'character device', path: 'dev/console', major: 5, minor: 1 },
    { kind: 'file', path: 'bin/busybox', data: await readFile(busybox), executable: true },
    { kind: 'link', path: 'bin/sh', target: 'busybox' },
    { kind: 'file', path: 'init', data: await readFile(INIT), executable: true },
    // Called by the agent and, on ppc64le, by the kernel itself when the host asks for a shutdown.
    { kind: 'file', path: 'sbin/shutdown', data: SHUTDOWN, executable: true },
    { kind: 'file', path: 'sbin/poweroff', data: POWEROFF, executable: true },
    { kind: 'file', path: 'sbin/reboot', data: REBOOT, executable: true },
  ]
}

const POWEROFF = Buffer.from('#!/bin/busybox sh\nexec /bin/busybox poweroff -f\n')
const REBOOT = Buffer.from('#!/bin/busybox sh\nexec /bin/busybox reboot -f\n')
const SHUTDOWN = Buffer.from(
  '#!/bin/busybox sh\ncase " $* " in *" -r "*) exec /bin/busybox reboot -f ;; esac\nexec /bin/busybox poweroff -f\n',
)

async function moduleEntries(files: string): Promise<readonly ArchiveEntry[]> {
  const modules = await modulesInOrder(join(files, 'lib', 'modules'), X86_MODULES)
  const order = modules.map((module) => `${module.name}.ko\n`).join('')
  return [
    { kind: 'file', path: 'modules/order', data: Buffer.from(order), executable: false },
    ...modules.map((module): ArchiveEntry => ({
      kind: 'file',
      path: `modules/${module.name}.ko`,
      data: module.data,
      executable: false,
    })),
  ]
}

/** The agent's program and what the guest's own loader says it needs. */
async function agentEntries(folder: string): Promise<readonly ArchiveEntry[]> {
  const program = join(folder, 'usr/sbin/qemu-ga')
  const libraries = LIBRARY_FOLDERS.map((path) => join(folder, path)).join(':')
  const listed = await mustRun(join(folder, LOADER), ['--library-path', libraries, '--list', program])
  if (listed.includes('not found')) throw new Error(`the agent lacks libraries:\n${listed}`)
  const paths = [...listed.matchAll(/ => (\/\S+)/g)].flatMap((match) => match[1] ?? [])
  const entries: ArchiveEntry[] = []
  const addProgram = async (from: string, path: string): Promise<void> => {
    entries.push({ kind: 'file', path, data: await readFile(await realpath(from)), executable: true })
  }
  await addProgram(program, 'usr/sbin/qemu-ga')
  await addProgram(join(folder, LOADER), LOADER)
  for (const path of paths) {
    if (path.includes('ld-linux')) continue
    await addProgram(path, path.slice(folder.length + 1))
  }
  const release = await readFile(join(folder, 'usr/lib/os-release'))
  entries.push({ kind: 'file', path: 'etc/os-release', data: release, executable: false })
  return entries
}

async function writeInitrd(path: string, entries: readonly ArchiveEntry[]): Promise<void> {
  await writeFile(path, await promisify(gzip)(cpioArchive(entries), { level: 6 }))
}
