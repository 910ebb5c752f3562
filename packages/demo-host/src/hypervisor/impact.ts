import { ErrorDomain, ModificationImpact } from '@coreshift/libvirt'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import type { Domain } from './domain.ts'
import { exclusiveFlags, operationInvalid } from './libvirt-fault.ts'
import type { Machine } from './machine.ts'

/** What a change applies to. */
interface Impact {
  readonly live: Machine | null
  readonly config: DomainDefinition | null
}

const BOTH = ModificationImpact.LIVE | ModificationImpact.CONFIG

/**
 * Resolves "current", "live" and "config" of a change (virDomainObjGetDefs): current is the running machine, or the
 * stored definition when nothing runs. Throws LibvirtFault 55.
 */
export function impactOf(domain: Domain, flags: number): Impact {
  const wanted = flags & BOTH
  const live = wanted === 0 ? domain.machine !== null : (wanted & ModificationImpact.LIVE) !== 0
  const config = wanted === 0 ? domain.machine === null : (wanted & ModificationImpact.CONFIG) !== 0
  if (live) domain.running(ErrorDomain.DOMAIN)
  if (config && domain.config === null) {
    throw operationInvalid('transient domains do not have any persistent config')
  }
  return { live: live ? domain.machine : null, config: config ? domain.config : null }
}

/** The one definition that a reading call means (virDomainObjGetOneDef). Throws LibvirtFault 8 or 55. */
export function oneDefinition(domain: Domain, flags: number, where: string): DomainDefinition {
  if ((flags & BOTH) === BOTH)
    throw exclusiveFlags('VIR_DOMAIN_AFFECT_LIVE', 'VIR_DOMAIN_AFFECT_CONFIG', where)
  const { live, config } = impactOf(domain, flags)
  const definition = live?.definition ?? config
  if (definition === null) throw operationInvalid('domain is not running')
  return definition
}
