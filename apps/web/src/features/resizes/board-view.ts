import { isSettled } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'

/** Ids of the vCPUs that an operation still waits for. */
export function outstandingVcpus(operation: Operation): number[] {
  return operation.vcpus.filter((vcpu) => !isSettled(vcpu.state)).map((vcpu) => vcpu.id)
}

/** Oldest first: what waits longest is looked at first. */
export function oldestFirst(operations: readonly Operation[]): Operation[] {
  return [...operations].sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
}

interface BoardSummary {
  readonly open: number
  readonly overdue: number
  /** vCPUs of live removals that somebody counts on and that are not free yet. */
  readonly promised: number
}

export function summarize(operations: readonly Operation[]): BoardSummary {
  let overdue = 0
  let promised = 0
  for (const operation of operations) {
    if (operation.overdue) overdue += 1
    if (operation.kind === 'unplug') promised += outstandingVcpus(operation).length
  }
  return { open: operations.length, overdue, promised }
}

/** Steps of a timeline with the time since the step before, ms; the first has none. */
export function withDistances(
  steps: Operation['timeline'],
): { readonly step: Operation['timeline'][number]; readonly sinceMs: number | undefined }[] {
  return steps.map((step, index) => {
    const before = steps[index - 1]
    return { step, sinceMs: before ? Date.parse(step.at) - Date.parse(before.at) : undefined }
  })
}
