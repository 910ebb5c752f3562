import { socketsOf, type CpuTopology } from '../cpu-topology.ts'
import { vcpusInWords } from '../sockets-rules/sockets-refusal.ts'
import type { DefinitionFacts, VmFacts } from '../sockets-rules/vm-facts.ts'
import { presentVcpus } from '../sockets-rules/whole-sockets.ts'

/** One thing that the next boot changes. */
export interface NextBootChange {
  readonly what: 'sockets' | 'vcpus' | 'maximum' | 'topology' | 'removability'
  /** Of the running machine, in words. */
  readonly now: string
  /** Of the stored definition, in words. */
  readonly next: string
}

function socketsInWords(definition: DefinitionFacts): string {
  const { whole, restVcpus } = socketsOf(definition.topology, presentVcpus(definition))
  return restVcpus === 0 ? `${whole}` : `${whole} and ${restVcpus} vCPU${restVcpus === 1 ? '' : 's'}`
}

/** `2 cores x 2 threads`; parts that are 1 are left out, except the cores. */
function shapeInWords(topology: CpuTopology): string {
  const part = (count: number, one: string) => (count === 1 ? [] : [`${count} ${one}s`])
  return [
    ...part(topology.dies, 'die'),
    ...part(topology.clusters, 'cluster'),
    `${topology.cores} core${topology.cores === 1 ? '' : 's'}`,
    ...part(topology.threads, 'thread'),
  ].join(' x ')
}

/** Which of the vCPUs that are present in both can be removed live, in words. */
function removabilityInWords(definition: DefinitionFacts, other: DefinitionFacts): string {
  const removable = definition.vcpus
    .filter((vcpu) => vcpu.enabled && vcpu.hotpluggable && other.vcpus[vcpu.id]?.enabled === true)
    .map((vcpu) => vcpu.id)
  return removable.length === 0 ? 'no vCPU removable' : `${vcpusInWords(removable)} removable`
}

/**
 * Where the running machine and the stored definition differ: what the next boot will change, old value and
 * new one. Empty while the VM is down or transient: then there is only one of the two.
 */
export function nextBootDifference(facts: VmFacts): NextBootChange[] {
  const { live, config } = facts
  if (live === undefined || config === undefined) return []
  const rows = [
    { what: 'sockets', words: socketsInWords },
    { what: 'vcpus', words: (definition: DefinitionFacts) => `${presentVcpus(definition)}` },
    { what: 'maximum', words: (definition: DefinitionFacts) => `${definition.maximum}` },
    { what: 'topology', words: (definition: DefinitionFacts) => shapeInWords(definition.topology) },
    { what: 'removability', words: removabilityInWords },
  ] as const
  return rows
    .map(({ what, words }) => ({ what, now: words(live, config), next: words(config, live) }))
    .filter(({ now, next }) => now !== next)
}
