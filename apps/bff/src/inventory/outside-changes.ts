import { formatVcpuRanges, isOpen } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { enabledIds } from './domain-definition.ts'
import { definitionOf, type DomainSnapshot } from './domain-snapshot.ts'

/** A change of a VM that no operation of ours explains. */
interface OutsideChange {
  readonly added: readonly number[]
  readonly removed: readonly number[]
  readonly fromVcpus: number
  readonly toVcpus: number
  /** Stored vCPUs, where these were changed. */
  readonly config?: { readonly fromVcpus: number; readonly toVcpus: number }
}

/** vCPUs whose coming or going one of our operations stands for. */
function explained(operation: Operation): {
  added: readonly number[]
  removed: readonly number[]
} {
  const ids = operation.vcpus.map((vcpu) => vcpu.id)
  const open = isOpen(operation.state)
  const addedBack = operation.vcpus.filter(({ state }) => open && state === 'adding').map((vcpu) => vcpu.id)
  const unsettled = operation.vcpus
    // A refusal ends the matter once the operation has ended; while it is open the guest may think again.
    .filter(({ state }) => state === 'pending-removal' || state === 'stuck' || (open && state === 'refused'))
    .map((vcpu) => vcpu.id)
  return {
    added: open && (operation.kind === 'plug' || operation.state === 'rolling-back') ? ids : addedBack,
    // A removal that was asked for and given up may still complete: that is ours, late.
    removed: unsettled,
  }
}

/**
 * What somebody else changed between two reads of the same running machine, or `undefined`.
 * @param operations the VM's open or latest operation and ended ones whose vCPUs may still go, as they stood before
 *   the second read was let into them
 */
export function findOutsideChange(
  before: DomainSnapshot,
  after: DomainSnapshot,
  operations: readonly Operation[],
): OutsideChange | undefined {
  const sameMachine =
    before.live !== undefined &&
    after.live !== undefined &&
    before.domainId === after.domainId &&
    before.hostId === after.hostId
  const ours = operations.map(explained)
  const oursAdded = new Set(ours.flatMap((one) => one.added))
  const oursRemoved = new Set(ours.flatMap((one) => one.removed))
  const old = new Set(before.live && sameMachine ? enabledIds(before.live) : [])
  const now = new Set(after.live && sameMachine ? enabledIds(after.live) : [])
  const added = [...now].filter((id) => !old.has(id) && !oursAdded.has(id))
  const removed = [...old].filter((id) => !now.has(id) && !oursRemoved.has(id))
  const config = configChange(before, after, operations)
  if (added.length === 0 && removed.length === 0 && !config) return undefined
  return { added, removed, fromVcpus: old.size, toVcpus: now.size, ...(config && { config }) }
}

function configChange(
  before: DomainSnapshot,
  after: DomainSnapshot,
  operations: readonly Operation[],
): OutsideChange['config'] {
  if (!before.config || !after.config) return undefined
  const fromVcpus = enabledIds(before.config).length
  const toVcpus = enabledIds(after.config).length
  if (fromVcpus === toVcpus) return undefined
  const oursToo = operations.some((one) => one.mode !== 'live' && one.to.vcpus === toVcpus)
  return oursToo ? undefined : { fromVcpus, toVcpus }
}

/** The change as a sentence. */
export function describeOutsideChange(change: OutsideChange): string {
  const parts: string[] = []
  if (change.added.length > 0 || change.removed.length > 0) {
    const details = [
      ...(change.added.length > 0 ? [`vCPU ${formatVcpuRanges(change.added)} added`] : []),
      ...(change.removed.length > 0 ? [`vCPU ${formatVcpuRanges(change.removed)} removed`] : []),
    ]
    parts.push(
      `Changed outside Coreshift from ${change.fromVcpus} to ${change.toVcpus} vCPUs (${details.join(', ')})`,
    )
  }
  if (change.config) {
    parts.push(
      `stored definition changed outside Coreshift from ${change.config.fromVcpus} to ${change.config.toVcpus} vCPUs`,
    )
  }
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** What the audit says of it, or `undefined` when nobody else changed anything; see `findOutsideChange`. */
export function outsideChangeEntry(
  before: DomainSnapshot,
  after: DomainSnapshot,
  operations: readonly Operation[],
): Omit<AuditDraft, 'at'> | undefined {
  const change = findOutsideChange(before, after, operations)
  return (
    change && {
      actor: { kind: 'outside', name: 'outside Coreshift' },
      action: 'vm.changed-outside',
      outcome: 'info',
      vm: after.uuid,
      vmName: definitionOf(after).name,
      host: after.hostId,
      message: describeOutsideChange(change),
      detail: { ...change },
    }
  )
}
