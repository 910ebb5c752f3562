import type { CpuTopology } from '@coreshift/shared'

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** What one socket consists of: `1 core × 2 threads`; dies and clusters only where there is more than one. */
export function shapeWords(topology: CpuTopology): string {
  return [
    ...(topology.dies > 1 ? [plural(topology.dies, 'die')] : []),
    ...(topology.clusters > 1 ? [plural(topology.clusters, 'cluster')] : []),
    plural(topology.cores, 'core'),
    plural(topology.threads, 'thread'),
  ].join(' × ')
}
