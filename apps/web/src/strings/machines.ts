import type { VmStatus } from '@coreshift/shared'

/** Words about a VM that several screens use. */
export const machines = {
  status: {
    up: 'Running',
    down: 'Off',
    paused: 'Paused',
    'powering-up': 'Starting',
    'powering-down': 'Shutting down',
    migrating: 'Migrating',
    saving: 'Saving',
    suspended: 'Suspended',
    crashed: 'Crashed',
    unknown: 'Unknown',
  } satisfies Record<VmStatus, string>,
  unknownGuest: 'guest system not known',
  guestSource: {
    agent: 'told by the guest agent',
    metadata: 'from the definition',
    override: 'set by an administrator',
    none: 'not known',
  },
  stale: 'host offline',
  staleText: 'Last known state: the host is offline.',
}
