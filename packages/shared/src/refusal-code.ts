/** Why a value or a request is refused. One closed list for page, API and engine. */
export const REFUSAL_CODES = [
  'below-minimum',
  'above-maximum',
  'host-maximum',
  'not-a-whole-socket',
  'guest-os-no-plug',
  'guest-os-no-unplug',
  'reboot-required',
  'unverified-guest-os',
  'arch-blocked',
  'unplug-disabled',
  'vcpu-not-hotpluggable',
  'vcpu-pinned',
  'migration-in-progress',
  'resize-in-progress',
  'vm-status',
  'not-persistent',
  'agent-required',
  'host-offline',
  'hook-refused',
  'guest-busy',
  'not-permitted',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** Refusals that a person may lift by saying that they know: named in `acknowledge`, recorded in the audit. */
export const ACKNOWLEDGEABLE_CODES = [
  'unverified-guest-os',
  'guest-busy',
] as const satisfies readonly RefusalCode[]

export type AcknowledgeableCode = (typeof ACKNOWLEDGEABLE_CODES)[number]

export function isAcknowledgeable(code: RefusalCode): code is AcknowledgeableCode {
  return (ACKNOWLEDGEABLE_CODES as readonly RefusalCode[]).includes(code)
}

/** What a person can do so that the refusal goes away. The page turns it into a link or a button. */
export const UNLOCKS = [
  'prepare-for-live-resize',
  'use-next-boot',
  'use-live',
  'wait-for-migration',
  'wait-for-resize',
  'replace-resize',
  'acknowledge-untested-guest',
  'acknowledge-busy-guest',
  'set-guest-os',
  'remove-pinning',
  'enable-unplug',
  'start-vm',
  'resume-vm',
  'wait-for-vm',
  'shut-down-vm',
  'reconnect-host',
  'install-agent',
  'ask-operator',
] as const

export type Unlock = (typeof UNLOCKS)[number]

/** One reason why a value is not allowed. */
export interface Refusal {
  readonly code: RefusalCode
  /** A sentence for a person, exact and without jargon. */
  readonly message: string
  /** What would make the value possible, most useful first. */
  readonly unlock?: readonly Unlock[]
  /** vCPU ids that the reason is about (libvirt's XML ids). */
  readonly vcpus?: readonly number[]
}
