import { socketsOf, vcpusPerSocket } from '../cpu-topology.ts'
import type { DefinitionFacts } from './vm-facts.ts'

/** Present vCPUs that share a socket with a chosen one and were not chosen, lowest id first. */
export function incompleteSockets(definition: DefinitionFacts, ids: readonly number[]): number[] {
  const size = vcpusPerSocket(definition.topology)
  const chosen = new Set(ids)
  const touched = new Set(ids.map((id) => Math.floor(id / size)))
  return definition.vcpus
    .filter((vcpu) => vcpu.enabled && touched.has(Math.floor(vcpu.id / size)) && !chosen.has(vcpu.id))
    .map((vcpu) => vcpu.id)
}

/** vCPUs that a definition has enabled. */
export function presentVcpus(definition: DefinitionFacts): number {
  return definition.vcpus.reduce((count, vcpu) => count + (vcpu.enabled ? 1 : 0), 0)
}

/** Most whole sockets that a definition has room for. */
export function socketsMaximum(definition: DefinitionFacts): number {
  return socketsOf(definition.topology, definition.maximum).whole
}
