import { NEW_HOST_GUESTS, OLD_HOST_GUESTS, type StandardGuest } from './standard-guests.ts'

/** What tells the kit's hosts apart. */
export interface HostKind {
  /** As the command line calls it. */
  readonly name: 'real' | 'old' | 'second'
  /** The name that it gives itself; default: the machine's. libvirt migrates to a host of another name only. */
  readonly hostName?: string
  /** Whose system is copied instead of being made of packages. */
  readonly copyOf?: HostKind
  /** Folder of its system below the kit's own; other names of it begin with `prefix`. */
  readonly rootName: string
  readonly prefix: string
  /** Suites of the mirror, in order of preference. */
  readonly suites: readonly string[]
  /** The least version of libvirt that serves. */
  readonly libvirtAtLeast: string
  /** Whether a local archive (`CORESHIFT_REAL_PACKAGES`) may hold its packages. */
  readonly takesArchive: boolean
  readonly packages: readonly string[]
  readonly guests: readonly StandardGuest[]
}

const PACKAGES = [
  'libvirt-daemon',
  'libvirt-daemon-driver-qemu',
  'libvirt-daemon-system',
  'libvirt-clients',
  'qemu-system-x86',
  'qemu-system-ppc',
  'qemu-utils',
  'procps',
] as const

/** libvirt that can be asked to unplug without waiting: `VIR_DOMAIN_VCPU_ASYNC_UNPLUG` came with 12.4.0. */
export const NEW_HOST: HostKind = {
  name: 'real',
  rootName: 'root',
  prefix: '',
  suites: ['forky', 'sid'],
  libvirtAtLeast: '12.4.0',
  takesArchive: true,
  packages: PACKAGES,
  guests: NEW_HOST_GUESTS,
}

/** Debian 12's libvirt 9.0 and QEMU 7.2, which know none of that. */
export const OLD_HOST: HostKind = {
  name: 'old',
  rootName: 'old-root',
  prefix: 'old-',
  suites: ['bookworm'],
  libvirtAtLeast: '9.0.0',
  takesArchive: false,
  packages: PACKAGES,
  guests: OLD_HOST_GUESTS,
}

/** A second host like the first, without guests: where they are migrated to. */
export const SECOND_HOST: HostKind = {
  ...NEW_HOST,
  name: 'second',
  hostName: 'second-host',
  copyOf: NEW_HOST,
  rootName: 'second-root',
  prefix: 'second-',
  guests: [],
}

export const HOST_KINDS = [NEW_HOST, OLD_HOST, SECOND_HOST] as const
