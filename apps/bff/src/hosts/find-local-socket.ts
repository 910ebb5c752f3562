import { stat } from 'node:fs/promises'

/** Where a system libvirt daemon listens, the modular one first (libvirt's own order). */
const SYSTEM_SOCKETS = ['/run/libvirt/virtqemud-sock', '/run/libvirt/libvirt-sock'] as const

/** Whether a libvirt daemon of this machine could be managed. */
export async function hasLocalLibvirt(): Promise<boolean> {
  for (const path of SYSTEM_SOCKETS) {
    try {
      if ((await stat(path)).isSocket()) return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  return false
}
