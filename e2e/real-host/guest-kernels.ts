import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder, isBuilt, recipeOf } from './build-folder.ts'
import { CannotRunError } from './cannot-run.ts'
import { recordFailure } from './failures.ts'
import type { Layout } from './layout.ts'
import { debianMirror, packagesNamed, privateApt, unpackPackages, type PrivateApt } from './package-source.ts'
import { CommandFailed } from './run-command.ts'

/**
 * Which kernel boots where. x86-64 stays on Debian 12's 6.1: kernels from 6.9 on refuse a CPU in a socket that
 * was empty at boot unless they recognise a hypervisor, which they do not under software emulation.
 */
const SYSTEMS = [
  {
    kind: 'ppc',
    suite: 'trixie',
    architecture: 'ppc64el',
    kernel: 'linux-image-[0-9].*-powerpc64le',
    agent: [],
  },
  {
    kind: 'x86',
    suite: 'bookworm',
    architecture: 'amd64',
    kernel: 'linux-image-[0-9].*-cloud-amd64',
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
        const files = join(folder, 'files')
        await unpackFirst(apt, await packagesNamed(apt, system.kernel), files, say)
        await unpackPackages(apt, ['busybox-static'], files)
        await rename(await kernelImage(join(files, 'boot')), join(folder, 'kernel'))
        await rm(join(files, 'boot'), { recursive: true })
        if (system.agent.length > 0) await unpackPackages(apt, system.agent, join(folder, 'agent'))
      }
    })
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    const log = await recordFailure(layout, cause)
    throw new CannotRunError(`Debian's mirror did not give the guests’ kernels, ${log} tells why`, { cause })
  }
  await rm(layout.aptState, { recursive: true, force: true })
  return true
}

/**
 * Unpacks the first of the packages that the mirror gives. A mirror that is being brought up to date lists packages
 * that it does not hold yet (seen with trixie's 6.12.117 for ppc64el), and an older kernel does as well.
 * @throws CommandFailed when it gives none.
 */
async function unpackFirst(
  apt: PrivateApt,
  packages: readonly string[],
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  let failure: CommandFailed | undefined
  for (const name of packages) {
    try {
      return await unpackPackages(apt, [name], folder)
    } catch (cause) {
      if (!(cause instanceof CommandFailed)) throw cause
      say(`the mirror lists ${name} and did not give it`)
      failure = cause
    }
  }
  throw failure ?? new Error('no package was named')
}

async function kernelImage(boot: string): Promise<string> {
  const name = (await readdir(boot)).find((file) => /^vmlinu[xz]-/.test(file))
  if (name === undefined) throw new Error(`the kernel package has no boot/vmlinu[xz]-*`)
  return join(boot, name)
}
