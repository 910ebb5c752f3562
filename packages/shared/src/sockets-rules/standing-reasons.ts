import type { Unlock } from '../refusal-code.ts'
import { allowsSocketsEdit, type VmStatus } from '../vm-status.ts'
import { refusal, type SocketsRefusal } from './sockets-refusal.ts'
import type { VmFacts } from './vm-facts.ts'

const STATUS_WORDS: Readonly<Record<VmStatus, string>> = {
  up: 'up',
  down: 'down',
  paused: 'paused',
  'powering-up': 'starting',
  'powering-down': 'shutting down',
  migrating: 'being migrated',
  saving: 'being saved',
  suspended: 'suspended',
  crashed: 'crashed',
  unknown: 'in a state that is not known',
}

/** Ways out of a status in which sockets cannot be changed: none of `unknown`; `migrating` has a code of its own. */
const STATUS_UNLOCKS: Readonly<Partial<Record<VmStatus, readonly Unlock[]>>> = {
  paused: ['resume-vm', 'shut-down-vm'],
  suspended: ['resume-vm', 'shut-down-vm'],
  'powering-up': ['wait-for-vm'],
  'powering-down': ['wait-for-vm'],
  saving: ['wait-for-vm'],
  crashed: ['start-vm', 'shut-down-vm'],
}

/** What forbids any change of the VM now, live or stored, whatever the value. */
function hold(facts: VmFacts, replaces: string | undefined): SocketsRefusal[] {
  const reasons: SocketsRefusal[] = []
  if (!facts.host.online) {
    reasons.push(
      refusal('host-offline', `Host ${facts.host.name} is not connected.`, { unlock: ['reconnect-host'] }),
    )
  }
  const migrating = facts.status === 'migrating' || facts.job === 'migration'
  if (migrating) {
    reasons.push(
      refusal('migration-in-progress', 'The VM is being migrated. Its sockets can be changed afterwards.', {
        unlock: ['wait-for-migration'],
      }),
    )
  } else if (!allowsSocketsEdit(facts.status)) {
    reasons.push(
      refusal(
        'vm-status',
        `The VM is ${STATUS_WORDS[facts.status]}. Sockets can be changed while it is up or down.`,
        { unlock: STATUS_UNLOCKS[facts.status] ?? [] },
      ),
    )
  }
  if (facts.job === 'other') {
    reasons.push(
      refusal(
        'vm-status',
        'A job such as a snapshot, a save or a dump is running on the VM. Wait for its end.',
        { unlock: ['wait-for-vm'] },
      ),
    )
  }
  const open = facts.openResize
  if (open !== undefined && open.id !== replaces) {
    const since = `${open.since.slice(0, 19).replace('T', ' ')} UTC`
    reasons.push(
      refusal(
        'resize-in-progress',
        `A resize ${open.what} is under way, asked for by ${open.by} at ${since}.`,
        { unlock: ['wait-for-resize', 'replace-resize'] },
      ),
    )
  }
  return reasons
}

/**
 * Reasons that no value can avoid in a live resize.
 * @param replaces id of the open resize that the request takes over
 */
export function standingLiveReasons(facts: VmFacts, replaces?: string): SocketsRefusal[] {
  const reasons = hold(facts, replaces)
  if (facts.status === 'down') {
    reasons.push(
      refusal('vm-status', 'The VM is down. The value can be set for the next boot.', {
        unlock: ['use-next-boot', 'start-vm'],
      }),
    )
  } else if (facts.live === undefined && allowsSocketsEdit(facts.status)) {
    reasons.push(refusal('vm-status', "The running machine's vCPUs have not been read yet."))
  }
  return reasons
}

/** Reasons that no value can avoid in a change of the stored definition. */
export function standingNextBootReasons(facts: VmFacts, replaces?: string): SocketsRefusal[] {
  const reasons = hold(facts, replaces)
  if (facts.config === undefined) {
    reasons.push(
      refusal('not-persistent', 'The VM is transient: it has no stored definition and no next boot.', {
        unlock: ['use-live'],
      }),
    )
  }
  return reasons
}
