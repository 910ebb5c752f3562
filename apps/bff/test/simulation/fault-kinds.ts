/** Everything that goes wrong in a simulation, by name. A run counts how often each one struck. */
export const FAULT_KINDS = [
  // on the way
  'event-before-reply',
  'reply-lost',
  'reply-late',
  'event-lost',
  'event-late',
  'event-duplicate',
  'event-foreign',
  'cut-before-acceptance',
  'cut-after-acceptance',
  'cut-in-packet',
  'half-open',
  'keepalive-lost',
  'stall',
  'drip',
  'malformed',
  // the host
  'libvirt-refuses',
  'daemon-restart',
  'host-reboot',
  // the guest
  'guest-refuses',
  'guest-silent',
  'guest-late',
  'completion-held-back',
  'group-removal',
  'guest-crash',
  'guest-reboot',
  'agent-hangs',
  // other people
  'destroy',
  'undefine',
  'rename',
  'xml-changed',
  'outside-resize',
  'outside-swap',
  'migration-away',
  'migration-unmanaged',
  // the server
  'process-kill',
  'replica-pause',
  'disk-full',
  'database-busy',
  'clock-jump',
  'session-revoked',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export type FaultCounts = Record<FaultKind, number>

export function noFaults(): FaultCounts {
  return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as FaultCounts
}

export function addFaults(to: FaultCounts, more: FaultCounts): void {
  for (const kind of FAULT_KINDS) to[kind] += more[kind]
}
