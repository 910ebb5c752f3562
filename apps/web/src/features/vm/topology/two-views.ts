import { formatVcpuRanges } from '@coreshift/shared'
import type { TopologyView, Vcpu } from '@coreshift/shared/contract'
import { isChoosable } from './removal-choice.ts'
import { isEmptySlot } from './topology-view.ts'

interface Ids {
  readonly ids: string
  readonly count: number
}

/** One question, and what either side answers. */
interface TwoAnswers {
  readonly what: 'known' | 'online' | 'removable'
  readonly hypervisor: Ids
  readonly guest: Ids
}

/** The hypervisor's and the guest's view side by side. The guest numbers its CPUs itself, so that counts are what compares. */
export function twoViews(
  vcpus: readonly Vcpu[],
  guest: NonNullable<TopologyView['guest']>,
): readonly TwoAnswers[] {
  const present = vcpus.filter((vcpu) => !isEmptySlot(vcpu) && vcpu.state !== 'adding')
  return [
    { what: 'known', hypervisor: idsOf(present), guest: written(guest.vcpus) },
    { what: 'online', hypervisor: idsOf(present), guest: written(guest.online) },
    { what: 'removable', hypervisor: idsOf(present.filter(isChoosable)), guest: written(guest.offlinable) },
  ]
}

function idsOf(vcpus: readonly Vcpu[]): Ids {
  return { ids: formatVcpuRanges(vcpus.map(({ id }) => id)), count: vcpus.length }
}

/** How many ids `0-3,7` names. */
function written(ids: string): Ids {
  let count = 0
  for (const part of ids.split(',')) {
    const range = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part)
    if (range) count += Number(range[2] ?? range[1]) - Number(range[1]) + 1
  }
  return { ids, count }
}
