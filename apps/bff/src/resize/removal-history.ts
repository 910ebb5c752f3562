import type { Operation, ResizePlan } from '@coreshift/shared/contract'

/** How long this guest took for its removals, from its own earlier operations; `undefined` when there were none. */
export function expectFromHistory(operations: readonly Operation[]): ResizePlan['expected'] {
  const durations: number[] = []
  let refusals = 0
  for (const operation of operations) {
    if (operation.kind !== 'unplug') continue
    const asked = Date.parse(operation.createdAt)
    for (const step of operation.timeline) {
      if (step.what === 'vcpu-removed' || step.what === 'vcpu-removed-late')
        durations.push(Date.parse(step.at) - asked)
      if (step.what === 'vcpu-refused') refusals += step.vcpus?.length ?? 1
    }
  }
  if (durations.length === 0 && refusals === 0) return undefined
  durations.sort((a, b) => a - b)
  return { medianMs: durations[Math.floor(durations.length / 2)] ?? 0, removals: durations.length, refusals }
}
