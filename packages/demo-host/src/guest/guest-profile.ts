/** What a guest does when it is asked to let a vCPU go, or gets a new one. */
export const GUEST_BEHAVIOURS = [
  /** Lets go within a few tenths of a second. */
  'prompt',
  /** Lets go after seconds, differently each time. */
  'slow',
  /** Takes longer the more load it has. */
  'loaded',
  /** Says no: QEMU reports that the removal failed. */
  'refuses',
  /** Does not react at all. */
  'never-answers',
  /**
   * Lets the CPU go, but the completion is held back (QEMU's software emulation on x86): asked again, QEMU does not know
   * the device any more and libvirt drops the vCPU; the held-back event comes, stale, with the next plug.
   */
  'drops-completion',
  /** Lets go long after everybody stopped waiting. */
  'completes-late',
  /** Lets go promptly, but leaves an added vCPU offline until somebody brings it online. */
  'leaves-added-offline',
  /** The guest's kernel panics. */
  'crashes',
  /** The guest restarts in the middle; the reset takes the vCPUs away. */
  'reboots',
] as const
export type GuestBehaviour = (typeof GUEST_BEHAVIOURS)[number]

/** The guest agent: not installed, works, or holds the channel open without answering. */
export const AGENT_MODES = ['absent', 'present', 'hanging'] as const
export type AgentMode = (typeof AGENT_MODES)[number]

/** What the guest agent tells about the system. Fields that an agent leaves out are absent. */
export interface GuestSystem {
  readonly id?: string
  readonly name?: string
  readonly prettyName?: string
  readonly version?: string
  readonly versionId?: string
  readonly kernelRelease?: string
  readonly kernelVersion?: string
  readonly machine?: string
  readonly variant?: string
  readonly variantId?: string
}

/** How the load of a guest moves: a share of each vCPU from 0 to 1, a slow wave and some noise. */
export interface LoadProfile {
  readonly base: number
  readonly swing: number
  readonly periodMs: number
}

/** Everything about the guest inside a domain. All of it can be changed while the domain runs. */
export interface GuestProfile {
  behaviour: GuestBehaviour
  agent: AgentMode
  /** Load of the guest. */
  load: LoadProfile
  /** What the agent reports. */
  system: GuestSystem
  hostname: string
  /** From power on until the agent answers. */
  bootMs: number
  /** From the request to power off until the machine is off; `null` = the guest ignores the request. */
  shutdownMs: number | null
  /** Memory changed per second, which decides how long a migration takes. */
  dirtyMibPerSecond: number
}

/** A guest that does what it is asked, at once. */
export function promptGuest(hostname: string): GuestProfile {
  return {
    behaviour: 'prompt',
    agent: 'absent',
    load: { base: 0.12, swing: 0.08, periodMs: 90_000 },
    system: {},
    hostname,
    bootMs: 3000,
    shutdownMs: 2000,
    dirtyMibPerSecond: 8,
  }
}

/** Load of one vCPU at one time, 0 to 1: depends on its arguments alone. */
export function loadAt(profile: LoadProfile, seed: number, vcpu: number, nowMs: number): number {
  const phase = ((seed % 1000) / 1000) * 2 * Math.PI
  const wave = Math.sin((nowMs / profile.periodMs) * 2 * Math.PI + phase)
  const ripple =
    Math.sin(nowMs / 1700 + phase * 7 + vcpu * 2.4) * 0.6 + Math.sin(nowMs / 613 + vcpu * 5.1) * 0.4
  const value = profile.base + profile.swing * wave * 0.7 + profile.swing * ripple * 0.3
  return Math.min(1, Math.max(0, value))
}
