import { RANGES_MAX, refusal, vcpusInWords, type SocketsRefusal } from './sockets-refusal.ts'

function be(ids: readonly number[], one: string, many: string): string {
  return ids.length === 1 ? one : many
}

/** vCPUs that the machine was started with and that are not marked hot-pluggable. */
export function fixedReason(ids: readonly number[]): SocketsRefusal {
  return refusal(
    'vcpu-not-hotpluggable',
    `${vcpusInWords(ids)} ${be(ids, 'was', 'were')} present at boot and cannot be removed.`,
    { unlock: ['prepare-for-live-resize', 'use-next-boot'], vcpus: ids },
  )
}

export const FIRST_VCPU_REASON: SocketsRefusal = refusal(
  'vcpu-not-hotpluggable',
  'vCPU 0 is always present and cannot be removed.',
  { vcpus: [0] },
)

export function absentReason(ids: readonly number[]): SocketsRefusal {
  return refusal(
    'vcpu-not-hotpluggable',
    `${vcpusInWords(ids)} ${be(ids, 'is', 'are')} not present, so there is nothing to remove.`,
    { vcpus: ids },
  )
}

export function incompleteSocketReason(missing: readonly number[]): SocketsRefusal {
  return refusal(
    'not-a-whole-socket',
    `Sockets are removed whole: ${vcpusInWords(missing)} ${be(missing, 'belongs', 'belong')} to a chosen socket and ${be(missing, 'was', 'were')} not chosen.`,
    { vcpus: missing },
  )
}

/** @param more whether the list is only the beginning */
export function pinnedReason(ids: readonly number[], more: boolean): SocketsRefusal {
  const words = more ? `${vcpusInWords(ids.slice(0, RANGES_MAX))} and others` : vcpusInWords(ids)
  return refusal(
    'vcpu-pinned',
    `${words} ${be(ids, 'is', 'are')} pinned to host CPUs, and pinned vCPUs are not removed.`,
    { unlock: ['remove-pinning', 'use-next-boot'], vcpus: more ? [] : ids },
  )
}
