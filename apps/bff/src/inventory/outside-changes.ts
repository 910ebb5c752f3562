import { formatVcpuRanges, isOpen } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { enabledIds } from './domain-definition.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'

/** A change of a VM that no operation of ours explains. */
export interface OutsideChange {
  readonly added: readonly number[]
  readonly removed: readonly number[]
  readonly fromVcpus: number
  readonly toVcpus: number
  /** Stored vCPUs, where these were changed. */
  readonly config?: { readonly fromVcpus: number; readonly toVcpus: number }
}

/** vCPUs whose coming or going one of our operations stands for. */
function explained(operation: Operation | undefined): {
  added: ReadonlySet<number>
  removed: ReadonlySet<number>
} {
  if (!operation) return { added: new Set(), removed: new Set() }
  const ids = operation.vcpus.map((vcpu) => vcpu.id)
  const unsettled = operation.vcpus
    .filter((vcpu) => vcpu.state === 'pending-removal' || vcpu.state === 'stuck' || vcpu.state === 'refused')
    .map((vcpu) => vcpu.id)
  const open = isOpen(operation.state)
  return {
    added: new Set(open && (operation.kind === 'plug' || operation.state === 'rolling-back') ? ids : []),
    // A removal that was asked for and given up may still complete: that is ours, late.
    removed: new Set(operation.kind === 'unplug' ? unsettled : []),
  }
}

/**
 * What somebody else changed between two reads of the same running machine, or `undefined`.
 * @param operation the VM's open or latest operation, as it stood before the second read was let into it
 */
export function findOutsideChange(
  before: DomainSnapshot,
  after: DomainSnapshot,
  operation: Operation | undefined,
): OutsideChange | undefined {
  const sameMachine =
    before.live !== undefined &&
    after.live !== undefined &&
    before.domainId === after.domainId &&
    before.hostId === after.hostId
  const ours = explained(operation)
  const old = new Set(before.live && sameMachine ? enabledIds(before.live) : [])
  const now = new Set(after.live && sameMachine ? enabledIds(after.live) : [])
  const added = [...now].filter((id) => !old.has(id) && !ours.added.has(id))
  const removed = [...old].filter((id) => !now.has(id) && !ours.removed.has(id))
  const config = configChange(before, after, operation)
  if (added.length === 0 && removed.length === 0 && !config) return undefined
  return { added, removed, fromVcpus: old.size, toVcpus: now.size, ...(config && { config }) }
}

function configChange(
  before: DomainSnapshot,
  after: DomainSnapshot,
  operation: Operation | undefined,
): OutsideChange['config'] {
  if (!before.config || !after.config) return undefined
  const fromVcpus = enabledIds(before.config).length
  const toVcpus = enabledIds(after.config).length
  if (fromVcpus === toVcpus) return undefined
  const oursToo = operation !== undefined && operation.mode !== 'live' && operation.to.vcpus === toVcpus
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
