import { isEnded } from '@coreshift/shared'
import type { GuestOsExperience, Operation } from '@coreshift/shared/contract'

interface Tally {
  plugs: number
  refusals: number
  readonly removalsMs: number[]
  failure?: { readonly at: string; readonly text: string }
}

/** Steps of an operation's timeline that say how one vCPU went. */
const REMOVED: ReadonlySet<string> = new Set(['vcpu-removed', 'vcpu-removed-late'])

function count(tally: Tally, operation: Operation): void {
  const asked = Date.parse(operation.createdAt)
  for (const step of operation.timeline) {
    const vcpus = step.vcpus?.length ?? 1
    if (step.what === 'vcpu-added') tally.plugs += vcpus
    if (step.what === 'vcpu-refused') tally.refusals += vcpus
    if (REMOVED.has(step.what)) tally.removalsMs.push(...Array(vcpus).fill(Date.parse(step.at) - asked))
  }
  const failed = operation.state === 'failed' || operation.state === 'rolled-back'
  const at = operation.finishedAt ?? operation.createdAt
  if (failed && (tally.failure === undefined || tally.failure.at < at)) {
    tally.failure = { at, text: `${operation.vmName}: ${operation.error ?? operation.sentence}` }
  }
}

function experienceOf({ plugs, refusals, removalsMs, failure }: Tally): GuestOsExperience {
  const sorted = removalsMs.toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  const worst = sorted.at(-1)
  return {
    plugs,
    unplugs: sorted.length,
    refusals,
    ...(median !== undefined && { medianMs: median }),
    ...(worst !== undefined && { worstMs: worst }),
    ...(failure && { lastFailureAt: failure.at, lastFailure: failure.text }),
  }
}

/**
 * What this fleet's guests did with vCPUs, by row of the matrix. Changes of the stored definition alone ask no guest
 * and do not count.
 * @param operations ended ones count, open ones are left out
 * @param rowOf the row that answers for a VM now; `undefined` for a VM that is gone or that no row answers for
 */
export function fleetExperience(
  operations: Iterable<Operation>,
  rowOf: (vmUuid: string) => string | undefined,
): ReadonlyMap<string, GuestOsExperience> {
  const tallies = new Map<string, Tally>()
  for (const operation of operations) {
    if (operation.kind === 'config' || !isEnded(operation.state)) continue
    const row = rowOf(operation.vm)
    if (row === undefined) continue
    let tally = tallies.get(row)
    if (!tally) tallies.set(row, (tally = { plugs: 0, refusals: 0, removalsMs: [] }))
    count(tally, operation)
  }
  return new Map([...tallies].map(([row, tally]) => [row, experienceOf(tally)]))
}
