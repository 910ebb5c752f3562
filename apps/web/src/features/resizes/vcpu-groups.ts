import { formatVcpuRanges } from '@coreshift/shared'
import type { Operation, OperationVcpu } from '@coreshift/shared/contract'

/** vCPUs of an operation that went the same way at the same moment. */
interface VcpuGroup extends Omit<OperationVcpu, 'id' | 'addBack'> {
  /** As ranges, e.g. `4-7`. */
  readonly ids: string
}

/** The vCPUs of an operation in as few lines as say the same, the first moved first. */
export function vcpuGroups(vcpus: Operation['vcpus']): VcpuGroup[] {
  const groups = new Map<string, { vcpu: OperationVcpu; ids: number[] }>()
  for (const vcpu of vcpus) {
    const key = [vcpu.state, vcpu.since, vcpu.attempts, vcpu.error].join(' ')
    const group = groups.get(key)
    if (group) group.ids.push(vcpu.id)
    else groups.set(key, { vcpu, ids: [vcpu.id] })
  }
  return [...groups.values()]
    .map(({ vcpu: { id: _, addBack: __, ...rest }, ids }) => ({ ...rest, ids: formatVcpuRanges(ids) }))
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
}
