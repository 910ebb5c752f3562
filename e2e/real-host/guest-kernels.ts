import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder, isBuilt, recipeOf } from './build-folder.ts'
import { CannotRunError } from './cannot-run.ts'
import type { Layout } from './layout.ts'
import { debianMirror, dependencyOf, privateApt, unpackPackages } from './package-source.ts'
import { CommandFailed } from './run-command.ts'

/**
 * Which kernel boots where. x86-64 stays on Debian 12's 6.1: kernels from 6.9 on refuse a CPU in a socket that
 * was empty at boot unless they recognise a hypervisor, which they do not under software emulation.
 */
const SYSTEMS = [
  { kind: 'ppc', suite: 'trixie', architecture: 'ppc64el', kernel: 'linux-image-powerpc64le', agent: [] },
  {
    kind: 'x86',
    suite: 'bookworm',
    architecture: 'amd64',
    kernel: 'linux-image-cloud-amd64',
    // The agent, and everything its program links to in Debian 12.
    agent: [
      'qemu-guest-agent',
      'base-files',
      'libblkid1',
      'libc6',
      'libffi8',
      'libgcc-s1',
      'libglib2.0-0',
      'libmount1',
      'libnuma1',
      'libpcre2-8-0',
      'libselinux1',
      'libudev1',
      'liburing2',
      'zlib1g',
    ],
  },
] as const

/**
 * Brings the guests' kernels, busybox and agent from Debian's stable suites, unless they are there:
 * `KIND/kernel` (the image), `KIND/files` (busybox and modules), `x86/agent` (the agent and its libraries).
 * @throws CannotRunError when the mirror does not give them.
 */
export async function ensureGuestKernels(layout: Layout, say: (line: string) => void): Promise<boolean> {
  const recipe = recipeOf(JSON.stringify(SYSTEMS), 'layout 1')
  if (await isBuilt(layout.kernels, recipe)) return false
  say('fetching the guests’ kernels')
  const mirror = await debianMirror()
  try {
    await buildFolder(layout.kernels, recipe, async (target) => {
      for (const system of SYSTEMS) {
        const folder = join(target, system.kind)
        await mkdir(folder, { recursive: true })
        const apt = await privateApt(layout.aptState, mirror, system.suite, system.architecture)
        const kernel = await dependencyOf(apt, system.kernel, 'linux-image-')
        const files = join(folder, 'files')
        await unpackPackages(apt, [kernel, 'busybox-static'], files)
        await rename(await kernelImage(join(files, 'boot')), join(folder, 'kernel'))
        await rm(join(files, 'boot'), { recursive: true })
        if (system.agent.length > 0) await unpackPackages(apt, system.agent, join(folder, 'agent'))
      }
    })
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    throw new CannotRunError("Debian's mirror did not give the guests’ kernels", { cause })
  }
  await rm(layout.aptState, { recursive: true, force: true })
  return true
}

async function kernelImage(boot: string): Promise<string> {
  const name = (await readdir(boot)).find((file) => /^vmlinu[xz]-/.test(file))
  if (name === undefined) throw new Error(`the kernel package has no boot/vmlinu[xz]-*`)
  return join(boot, name)
}
