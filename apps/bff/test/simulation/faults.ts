import type { Fault, FaultRule, FleetHost } from '@coreshift/demo-host'
import { domainSetVcpu, domainSetVcpusFlags } from '@coreshift/libvirt'
import type { FaultDeed } from './schedule.ts'

/** Replies to change requests: where it hurts. */
const CHANGES = [domainSetVcpusFlags.name, domainSetVcpu.name]
/** Longer than the client's pings last: one every 5 s, five may stay unanswered. */
const KEEPALIVE_GIVES_UP_MS = 45_000
const REMOVALS = ['vcpu-removed', 'device-removal-failed']

/** Each packet fault as rules of the daemon's script; `undefined` for faults of another nature. */
export function packetRules(deed: FaultDeed, share: number): Omit<FaultRule, 'session'>[] | undefined {
  const ms = 100 + Math.round(share * 6_000)
  const skip = Math.floor(share * 20) % 4
  const toChanges = (fault: Fault, times = 1): Omit<FaultRule, 'session'>[] =>
    CHANGES.map((name) => ({ on: 'reply', name, fault, times }))
  const toRemovals = (fault: Fault, times = 1): Omit<FaultRule, 'session'>[] =>
    REMOVALS.map((name) => ({ on: 'event', name, fault, times }))
  switch (deed) {
    case 'event-before-reply':
      return toChanges({ kind: 'after-event', atMostMs: 2_000 })
    case 'reply-lost':
      // Of two in a row the second one may be the answer to the stored definition.
      return share < 0.7
        ? toChanges({ kind: 'lose' }, share < 0.4 ? 1 : 2)
        : [{ on: 'reply', fault: { kind: 'lose' }, skip }]
    case 'reply-late':
      return share < 0.7
        ? toChanges({ kind: 'delay', ms })
        : [{ on: 'reply', fault: { kind: 'delay', ms }, skip, times: 3 }]
    case 'event-lost':
      return share < 0.7
        ? toRemovals({ kind: 'lose' }, 4)
        : [{ on: 'event', fault: { kind: 'lose' }, times: 4 }]
    case 'event-late':
      return toRemovals({ kind: 'delay', ms }, 4)
    case 'event-duplicate':
      return toRemovals({ kind: 'duplicate' }, 4)
    case 'cut-after-acceptance':
      return toChanges({ kind: 'cut', afterBytes: 0 })
    case 'cut-in-packet':
      return [{ fault: { kind: 'cut', afterBytes: 1 + Math.floor(share * 60) }, skip }]
    case 'keepalive-lost':
      // Nothing comes for longer than the pings last, and the connection is given up.
      return [{ fault: { kind: 'stall', ms: KEEPALIVE_GIVES_UP_MS }, skip }]
    case 'stall':
      return [{ fault: { kind: 'stall', ms }, skip }]
    case 'drip':
      return [{ fault: { kind: 'drip', bytes: 7, everyMs: 5 }, skip }]
    case 'malformed':
      return [{ fault: { kind: 'malform', what: share < 0.5 ? 'length' : 'payload' }, skip }]
    default:
      return undefined
  }
}

/** Counts each fault of a host's script when it strikes. */
export function countStrikes(host: FleetHost, strike: (deed: FaultDeed) => void): Map<Fault, FaultDeed> {
  const deeds = new Map<Fault, FaultDeed>()
  const { faults } = host.daemon
  const take = faults.take.bind(faults)
  faults.take = (packet) => {
    const fault = take(packet)
    const deed = fault && deeds.get(fault)
    if (deed !== undefined) strike(deed)
    return fault
  }
  return deeds
}
