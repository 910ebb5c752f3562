import { formatVcpuRanges } from '@coreshift/shared'
import type { OperationRecord } from '../operation-record.ts'

/** What becomes of an open operation's vCPUs, and of the others, when a person wants something else (R21). */
export interface ChangeOfMind {
  /** Not asked for yet: dropping the open operation is enough. */
  readonly avoidable: readonly number[]
  /** The guest was asked and may let go at any time; not wanted any more in either plan. */
  readonly committed: readonly number[]
  /** Wanted again, but the guest was asked: they stay if the guest refuses, and are added again if they go. */
  readonly addBackIfGone: readonly number[]
  /** Gone already and wanted again: added now. */
  readonly addBack: readonly number[]
  /** There, not wanted, and not asked for yet: removed now. */
  readonly removeToo: readonly number[]
  /** Never there before, wanted now: added now. */
  readonly addToo: readonly number[]
}

/**
 * Merges an open operation with a new wish.
 * @param wanted vCPUs that the hypervisor should have in the end
 * @param enabled vCPUs that the hypervisor has, by a read of now
 */
export function changeMind(
  open: OperationRecord,
  wanted: ReadonlySet<number>,
  enabled: ReadonlySet<number>,
): ChangeOfMind {
  const asked = open.attempts > 0
  const moved = new Set(open.vcpus.map((vcpu) => vcpu.id))
  const out = open.vcpus.filter(({ id, state }) => {
    const leaving = state === 'pending-removal' || state === 'stuck'
    return asked && open.kind === 'unplug' && leaving && enabled.has(id)
  })
  const outIds = new Set(out.map((vcpu) => vcpu.id))
  const sorted = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b)
  const lacking = sorted(wanted).filter((id) => !enabled.has(id))
  // What an addition was asked for is there in a moment: it needs no second request, and no removal before it shows.
  const onItsWay = new Set(
    asked && open.kind === 'plug'
      ? open.vcpus.filter((vcpu) => vcpu.state === 'adding').map((vcpu) => vcpu.id)
      : [],
  )
  return {
    avoidable: asked ? [] : sorted(moved).filter((id) => wanted.has(id) === enabled.has(id)),
    committed: sorted(outIds).filter((id) => !wanted.has(id)),
    addBackIfGone: sorted(outIds).filter((id) => wanted.has(id)),
    addBack: lacking.filter((id) => open.kind === 'unplug' && moved.has(id)),
    removeToo: sorted(new Set([...enabled, ...onItsWay])).filter((id) => !wanted.has(id) && !outIds.has(id)),
    addToo: lacking.filter((id) => !(open.kind === 'unplug' && moved.has(id)) && !onItsWay.has(id)),
  }
}

/** The merged plan as sentences for the preview; empty when the wish is what is under way already. */
export function sayChangeOfMind(change: ChangeOfMind): string[] {
  const say = (ids: readonly number[], words: (ranges: string) => string): string[] =>
    ids.length === 0 ? [] : [words(formatVcpuRanges(ids))]
  return [
    ...say(change.avoidable, (ids) => `vCPU ${ids} was not asked for yet: nothing happens to it.`),
    ...say(change.committed, (ids) => `vCPU ${ids} goes as asked before; the guest has the request already.`),
    ...say(
      change.addBackIfGone,
      (ids) => `vCPU ${ids} cannot be kept for certain: the guest was asked. It is added again if it goes.`,
    ),
    ...say(change.addBack, (ids) => `vCPU ${ids} is gone and is added back.`),
    ...say(change.removeToo, (ids) => `vCPU ${ids} is removed too.`),
    ...say(change.addToo, (ids) => `vCPU ${ids} is added.`),
  ]
}
