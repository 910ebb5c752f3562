import { DomainState, ListDomainsFlags } from '@coreshift/libvirt'
import { stateOf } from './domain-state.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'

type Test = (domain: Domain) => boolean

const isRunning: Test = (domain) => stateOf(domain).state === DomainState.RUNNING
const isPaused: Test = (domain) => stateOf(domain).state === DomainState.PAUSED

/** Groups of filters: those of one group add up, groups multiply (virConnectListAllDomains). */
const GROUPS: readonly (readonly (readonly [flag: number, test: Test])[])[] = [
  [
    [ListDomainsFlags.ACTIVE, (domain) => domain.machine !== null],
    [ListDomainsFlags.INACTIVE, (domain) => domain.machine === null],
  ],
  [
    [ListDomainsFlags.PERSISTENT, (domain) => domain.config !== null],
    [ListDomainsFlags.TRANSIENT, (domain) => domain.config === null],
  ],
  [
    [ListDomainsFlags.RUNNING, isRunning],
    [ListDomainsFlags.PAUSED, isPaused],
    [ListDomainsFlags.SHUTOFF, (domain) => domain.machine === null],
    [ListDomainsFlags.OTHER, (domain) => domain.machine !== null && !isRunning(domain) && !isPaused(domain)],
  ],
  [
    [ListDomainsFlags.MANAGEDSAVE, (domain) => domain.managedSave],
    [ListDomainsFlags.NO_MANAGEDSAVE, (domain) => !domain.managedSave],
  ],
  [
    [ListDomainsFlags.AUTOSTART, (domain) => domain.autostart],
    [ListDomainsFlags.NO_AUTOSTART, (domain) => !domain.autostart],
  ],
  [
    [ListDomainsFlags.HAS_SNAPSHOT, () => false],
    [ListDomainsFlags.NO_SNAPSHOT, () => true],
  ],
  [
    [ListDomainsFlags.HAS_CHECKPOINT, () => false],
    [ListDomainsFlags.NO_CHECKPOINT, () => true],
  ],
]

/** The domains that match; no flag of a group means no filter by it. */
export function listDomains(host: DemoHost, flags: number): Domain[] {
  const active = GROUPS.map((group) => group.filter(([flag]) => (flags & flag) !== 0)).filter(
    (group) => group.length > 0,
  )
  return [...host.domains.values()].filter((domain) =>
    active.every((group) => group.some(([, test]) => test(domain))),
  )
}
