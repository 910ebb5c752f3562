import { mkdir } from 'node:fs/promises'
import { ensureGuestImages } from './guest-images.ts'
import { ensureGuestKernels } from './guest-kernels.ts'
import { startDaemon, writeDaemonSettings } from './host-daemons.ts'
import { endHostProcess, hostPid, startHostProcess } from './host-process.ts'
import { ensureHostRoot } from './host-root.ts'
import { withFolderLock } from './folder-lock.ts'
import { layoutOf, type Layout } from './layout.ts'
import { checkMachine, installMissingTools } from './machine.ts'
import { KitHost } from './kit-host.ts'
import { HOST_KINDS } from './host-kind.ts'

/**
 * Brings the host up: makes what is missing, starts what does not run, defines the standard guests. Two callers
 * at once wait for each other; the second finds everything done.
 * @throws CannotRunError when this machine cannot carry a real host.
 */
export async function bringUp(layout: Layout, say: (line: string) => void): Promise<void> {
  await checkMachine()
  await mkdir(layout.dir, { recursive: true })
  await withFolderLock(layout.lockFile, async () => {
    await ensureBuilt(layout, say)
    if ((await hostPid(layout)) === undefined) {
      await endHostProcess(layout)
      await writeDaemonSettings(layout)
      await startHostProcess(layout, [
        [layout.guests, '/guests'],
        [layout.consoles, '/consoles'],
      ])
    }
    await startDaemon(layout, 'virtlogd')
    await startDaemon(layout, 'libvirtd')
    const host = new KitHost(layout)
    const running = await host.runningGuests()
    for (const guest of layout.kind.guests) {
      if (running.includes(guest.name)) continue
      await host.defineGuest(guest)
      if (guest.started) await host.startGuest(guest.name)
    }
  })
}

/** Brings the host up until it is disposed; one that was up before stays. */
export async function bringUpForNow(layout: Layout, say: (line: string) => void): Promise<AsyncDisposable> {
  const wasUp = (await hostPid(layout)) !== undefined
  await bringUp(layout, say)
  return {
    async [Symbol.asyncDispose]() {
      if (!wasUp) await takeDown(layout)
    },
  }
}

/** Ends every process of the host; what was built stays. */
export async function takeDown(layout: Layout): Promise<void> {
  await mkdir(layout.dir, { recursive: true })
  await withFolderLock(layout.lockFile, () => endHostProcess(layout))
}

/** A running host stays on what it was built from; a new recipe is taken at the next `up` after a `down`. */
async function ensureBuilt(layout: Layout, say: (line: string) => void): Promise<void> {
  if ((await hostPid(layout)) !== undefined) return
  await installMissingTools(say, `${layout.logs}/apt-install.log`)
  await ensureHostRoot(layout, say)
  // Another host runs on the boot files that are there: they must not be replaced under it.
  for (const kind of HOST_KINDS) {
    if ((await hostPid(layoutOf(layout.dir, kind))) !== undefined) return
  }
  await ensureGuestKernels(layout, say)
  await ensureGuestImages(layout, say)
}
