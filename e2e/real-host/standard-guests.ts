import type { GuestSpec } from './guest-definition.ts'

/** A guest that every real host of the kit has. */
export interface StandardGuest extends GuestSpec {
  /** Whether `up` starts it; the others are defined and shut off, for tests to start. */
  readonly started: boolean
}

/** The guests of the host with the new libvirt. */
export const NEW_HOST_GUESTS: readonly StandardGuest[] = [
  { name: 'ppc', kind: 'ppc', vcpus: 4, started: true },
  { name: 'quick', kind: 'x86', vcpus: 2, started: true },
  { name: 'held', kind: 'x86', vcpus: 2, completesUnplug: false, started: true },
  { name: 'agent', kind: 'x86', vcpus: 2, agent: true, started: true },
  { name: 'ppc-refuse', kind: 'ppc', vcpus: 4, behaviour: 'refuse', started: false },
  { name: 'quick-refuse', kind: 'x86', vcpus: 2, behaviour: 'refuse', started: false },
  { name: 'quick-offline', kind: 'x86', vcpus: 2, behaviour: 'leave-offline', started: false },
  { name: 'quick-burn', kind: 'x86', vcpus: 2, behaviour: 'burn', started: false },
]

/**
 * The guests of the host with the old libvirt. There is no x86 guest that completes an unplug: QEMU 7.2 crashes
 * when its memory map is built anew after a CPU was ejected, which is what makes newer ones complete.
 */
export const OLD_HOST_GUESTS: readonly StandardGuest[] = [
  { name: 'old-held', kind: 'x86', vcpus: 2, completesUnplug: false, started: true },
  // QEMU 7.2 emulates one thread of a POWER9 core and no more.
  { name: 'old-ppc', kind: 'ppc', vcpus: 4, threads: 1, started: true },
]
