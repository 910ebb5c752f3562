import { DomainState } from '@coreshift/libvirt'
import type { Domain } from './domain.ts'

/** State and reason (virDomainGetState). */
export function stateOf(domain: Domain): { state: number; reason: number } {
  const { machine } = domain
  if (machine === null) return { state: DomainState.SHUTOFF, reason: domain.shutoffReason }
  return { state: machine.state, reason: machine.reason }
}
