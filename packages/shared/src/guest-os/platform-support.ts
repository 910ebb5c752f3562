/** What an emulated machine can do, whatever its guest could. */
export interface PlatformSupport {
  readonly plug: boolean
  readonly unplug: boolean
}

/**
 * Architectures as the guest OS matrix names them: its `platforms`, measured on QEMU 11.1.3. s390x refuses
 * `device_del` of a CPU, and no arm machine type reports hot-pluggable CPUs.
 */
const PLATFORMS: Readonly<Record<string, PlatformSupport>> = {
  x86_64: { plug: true, unplug: true },
  x86: { plug: true, unplug: true },
  ppc64le: { plug: true, unplug: true },
  ppc64: { plug: true, unplug: true },
  s390x: { plug: true, unplug: false },
  aarch64: { plug: false, unplug: false },
}

/** Machine types without CPU hot-plug on an architecture that has it elsewhere (same measurement). */
const MACHINES_WITHOUT_HOTPLUG: Readonly<Record<string, RegExp>> = {
  x86_64: /^(?:microvm|nitro|x-remote)/,
  x86: /^(?:microvm|nitro|x-remote)/,
  ppc64le: /^powernv/,
  ppc64: /^powernv/,
}

const ARCH_NAMES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  i386: 'x86',
  i486: 'x86',
  i586: 'x86',
  i686: 'x86',
  powerpc64le: 'ppc64le',
  arm64: 'aarch64',
  armv7l: 'aarch64',
  armv6l: 'aarch64',
}

/** The matrix's name of an architecture that libvirt or a guest names otherwise, e.g. `i686` is `x86`. */
export function matrixArchOf(arch: string): string {
  return ARCH_NAMES[arch] ?? arch
}

/**
 * What the emulated machine allows.
 * @param arch libvirt's architecture name
 * @param machine libvirt's machine type, e.g. `pc-q35-9.2`
 * @returns `undefined` for an architecture nobody has measured
 */
export function platformSupport(arch: string, machine: string): PlatformSupport | undefined {
  const name = matrixArchOf(arch)
  if (MACHINES_WITHOUT_HOTPLUG[name]?.test(machine)) return { plug: false, unplug: false }
  return PLATFORMS[name]
}
