import type { GuestSystemKey } from '../guest/guest-catalog.ts'
import type { AgentMode, GuestBehaviour, LoadProfile } from '../guest/guest-profile.ts'

/** One VM of a fleet, in the words of somebody who tells its story. */
export interface VmSpec {
  readonly name: string
  readonly os: GuestSystemKey
  readonly arch?: string
  readonly machine?: string
  /** Sockets present, and most sockets; each of `cores` x `threads` vCPUs. */
  readonly sockets: number
  readonly maxSockets: number
  readonly cores?: number
  readonly threads?: number
  /** `false`: the definition has no topology, libvirt assumes one core per socket. */
  readonly topology?: boolean
  /** vCPUs on that are no whole number of sockets; the count from `sockets` unless given. */
  readonly vcpus?: number
  /**
   * Boot vCPUs that can be removed: all but the first socket (`prepared`, the default), or none (`fixed`: the definition
   * was never prepared for live resize).
   */
  readonly boot?: 'prepared' | 'fixed'
  /** vCPUs pinned to host CPUs: id and list. */
  readonly pins?: Readonly<Record<number, string>>
  readonly state?: 'running' | 'off' | 'paused'
  readonly transient?: boolean
  readonly behaviour?: GuestBehaviour
  readonly agent?: AgentMode
  readonly load?: LoadProfile
  readonly memoryGib?: number
  readonly title?: string
  readonly description?: string
  /** Vcpus of the stored definition where it differs from what runs. */
  readonly nextBootVcpus?: number
  /** Milliseconds until a shutdown request is carried out; `null` = the guest ignores it. */
  readonly shutdownMs?: number | null
  readonly dirtyMibPerSecond?: number
  readonly type?: 'kvm' | 'qemu'
  /** Name of the host to which it is being migrated when the fleet starts. */
  readonly migratingTo?: string
}
