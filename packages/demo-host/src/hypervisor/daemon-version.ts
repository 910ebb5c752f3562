/** libvirt versions that a simulated host can have, each with the QEMU that goes with it. */
export const DAEMON_VERSIONS = {
  '9.0.0': { libvirt: 9_000_000, qemu: 7_002_022, qemuName: '7.2.22', machineSuffix: '7.2' },
  '11.3.0': { libvirt: 11_003_000, qemu: 10_000_002, qemuName: '10.0.2', machineSuffix: '10.0' },
  '12.4.0': { libvirt: 12_004_000, qemu: 11_000_001, qemuName: '11.0.1', machineSuffix: '11.0' },
  '12.8.0': { libvirt: 12_008_000, qemu: 11_001_003, qemuName: '11.1.3', machineSuffix: '11.1' },
} as const

export type DaemonVersion = keyof typeof DAEMON_VERSIONS

/** A version such as `11.2.0` as libvirt writes it in numbers: major x 1,000,000 + minor x 1,000 + release. */
export function versionNumber(text: string): number {
  const [major = 0, minor = 0, release = 0] = text.split('.').map(Number)
  return major * 1_000_000 + minor * 1000 + release
}

/** What a daemon of some version can do. */
export class DaemonFeatures {
  readonly name: DaemonVersion
  readonly libvirt: number
  readonly qemu: number
  readonly qemuName: string
  readonly machineSuffix: string
  /** Requests that return before the guest has let go, and the event that follows. */
  readonly asyncUnplug: boolean
  /** Own error codes for an agent that does not answer or fails (112 and 113). */
  readonly agentCodes: boolean
  /** Format marks in `str1`: numbered since translations were reordered. */
  readonly formatMark: string
  /** How the daemon calls the flag "config" in errors about vCPUs (9.0.0 and 12.8.0 differ). */
  readonly configFlag: string
  /** Kinds of messages that can be asked for: deprecations, taints, and later I/O errors. */
  readonly messageFlags: number
  /** Highest id that can be registered for domain events. */
  readonly highestEvent: number

  constructor(name: DaemonVersion) {
    const facts = DAEMON_VERSIONS[name]
    this.name = name
    this.libvirt = facts.libvirt
    this.qemu = facts.qemu
    this.qemuName = facts.qemuName
    this.machineSuffix = facts.machineSuffix
    this.asyncUnplug = this.knows('12.4.0')
    this.agentCodes = this.knows('11.2.0')
    this.formatMark = this.knows('10.0.0') ? '%1$s' : '%s'
    this.configFlag = this.knows('10.0.0') ? 'VIR_DOMAIN_VCPU_CONFIG' : 'VIR_DOMAIN_AFFECT_CONFIG'
    this.messageFlags = this.knows('12.0.0') ? 7 : 3
    this.highestEvent = this.knows('12.4.0') ? 29 : this.knows('11.2.0') ? 27 : 26
  }

  /** Whether something that came with `version` is there. */
  knows(version: string): boolean {
    return this.libvirt >= versionNumber(version)
  }
}
