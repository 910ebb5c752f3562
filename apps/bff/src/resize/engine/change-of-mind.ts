import { formatVcpuRanges } from '@coreshift/shared'
import type { ChangeOfMind, OperationVcpu } from '@coreshift/shared/contract'
import type { OperationRecord } from '../operation-record.ts'
import { idsIn } from './operation-sentence.ts'

/** What becomes of an open operation's vCPUs, and of the others, when a person wants something else (R21). */
export type Fates = Pick<
  ChangeOfMind,
  'avoidable' | 'committed' | 'addBackIfGone' | 'addBack' | 'removeToo' | 'addToo'
>

const sorted = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b)

function wasAsked(open: OperationRecord, vcpu: OperationVcpu): boolean {
  return vcpu.attempts > 0 || (open.memory.asked ?? []).includes(vcpu.id)
}

/** vCPUs that the guest was asked to give up and may give up at any time. */
export function askedAndOut(open: OperationRecord): number[] {
  return open.vcpus
    .filter((vcpu) => (vcpu.state === 'pending-removal' || vcpu.state === 'stuck') && wasAsked(open, vcpu))
    .map((vcpu) => vcpu.id)
}

/** vCPUs that libvirt was asked to add and that were not seen yet: they are there in a moment. */
export function onTheirWay(open: OperationRecord): number[] {
  const puttingBack = open.state === 'rolling-back' ? (open.memory.puttingBack ?? []) : []
  return open.vcpus
    .filter(
      (vcpu) =>
        (vcpu.state === 'adding' && vcpu.attempts > 0) ||
        (vcpu.state === 'removed' && puttingBack.includes(vcpu.id)),
    )
    .map((vcpu) => vcpu.id)
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
): Fates {
  const out = new Set(askedAndOut(open).filter((id) => enabled.has(id)))
  // What an addition was asked for needs no second request, and no removal before it shows.
  const coming = new Set(onTheirWay(open).filter((id) => !enabled.has(id)))
  const lacking = sorted(wanted).filter((id) => !enabled.has(id) && !coming.has(id))
  const gone = new Set(open.kind === 'unplug' ? open.vcpus.map((vcpu) => vcpu.id) : idsIn(open, 'absent'))
  const untouched = open.vcpus.filter((vcpu) => !wasAsked(open, vcpu)).map((vcpu) => vcpu.id)
  return {
    avoidable: sorted(untouched).filter((id) => wanted.has(id) === enabled.has(id)),
    committed: sorted(out).filter((id) => !wanted.has(id)),
    addBackIfGone: sorted(out).filter((id) => wanted.has(id)),
    addBack: lacking.filter((id) => gone.has(id)),
    removeToo: sorted(new Set([...enabled, ...coming])).filter((id) => !wanted.has(id) && !out.has(id)),
    addToo: lacking.filter((id) => !gone.has(id)),
  }
}

/** The vCPUs of the newer operation, which goes on with what the guest was asked for. */
export function takeOver(
  open: OperationRecord,
  kind: OperationRecord['kind'],
  fates: Fates,
  instant: string,
): OperationVcpu[] {
  const before = new Map(open.vcpus.map((vcpu) => [vcpu.id, vcpu]))
  const coming = onTheirWay(open)
  const vcpu = (id: number, state: OperationVcpu['state'], more: Partial<OperationVcpu> = {}) => ({
    id,
    state,
    since: instant,
    attempts: 0,
    ...more,
  })
  const comingAnyway = coming.filter((id) => !fates.removeToo.includes(id))
  return [
    ...[...fates.addBack, ...fates.addToo].map((id) => vcpu(id, 'adding')),
    ...comingAnyway.map((id) =>
      vcpu(id, 'adding', {
        attempts: Math.max(1, before.get(id)?.attempts ?? 0),
        ...(kind !== 'plug' && { addBack: true }),
      }),
    ),
    ...fates.committed.map((id) => vcpu(id, 'pending-removal')),
    ...fates.removeToo.map((id) =>
      coming.includes(id) ? vcpu(id, 'adding', { attempts: 1 }) : vcpu(id, 'pending-removal'),
    ),
    ...fates.addBackIfGone.map((id) =>
      vcpu(id, 'pending-removal', { attempts: before.get(id)?.attempts ?? 0, addBack: true }),
    ),
  ].sort((a, b) => a.id - b.id)
}

/** The merged plan as sentences for the preview; empty when the wish is what is under way already. */
export function sayChangeOfMind(fates: Fates): string[] {
  const say = (ids: readonly number[], words: (ranges: string) => string): string[] =>
    ids.length === 0 ? [] : [words(formatVcpuRanges(ids))]
  return [
    ...say(fates.avoidable, (ids) => `vCPU ${ids} was not asked for yet: nothing happens to it.`),
    ...say(fates.committed, (ids) => `vCPU ${ids} goes as asked before; the guest has the request already.`),
    ...say(
      fates.addBackIfGone,
      (ids) => `vCPU ${ids} cannot be kept for certain: the guest was asked. It is added again if it goes.`,
    ),
    ...say(fates.addBack, (ids) => `vCPU ${ids} is gone and is added back.`),
    ...say(fates.removeToo, (ids) => `vCPU ${ids} is removed too.`),
    ...say(fates.addToo, (ids) => `vCPU ${ids} is added.`),
  ]
}
