import {
  domainDefineXml,
  domainDefineXmlFlags,
  domainGetAutostart,
  domainGetControlInfo,
  domainGetInfo,
  domainGetMessages,
  domainGetMetadata,
  domainGetOsType,
  domainGetState,
  domainGetXmlDesc,
  domainIsActive,
  domainIsPersistent,
  domainIsUpdated,
  domainLookupById,
  domainLookupByName,
  domainLookupByUuid,
  domainSetAutostart,
  domainSetMetadata,
  domainUndefine,
  domainUndefineFlags,
  type DomainRef,
} from '@coreshift/libvirt'
import { vcpuCount } from '../../definition/domain-definition.ts'
import { addUpCpuTime, totalCpuTimeNs } from '../../hypervisor/cpu-time.ts'
import { defineDomain, domainXml, undefineDomain } from '../../hypervisor/define-domain.ts'
import { stateOf } from '../../hypervisor/domain-state.ts'
import type { Domain } from '../../hypervisor/domain.ts'
import { checkFlags, operationInvalid } from '../../hypervisor/libvirt-fault.ts'
import { readMetadata, setMetadata } from '../../hypervisor/metadata.ts'
import type { HandlerTable } from '../handler-table.ts'
import type { Session } from '../session.ts'

const EMPTY = {}

/** The domain that a call names. Throws LibvirtFault 42. */
export function domainOf({ host }: Session, { uuid, name }: DomainRef): Domain {
  return host.byUuid(uuid, name)
}

/** Finding and describing domains. */
export function domainHandlers(table: HandlerTable): void {
  table
    .on(domainLookupById, 'read', ({ host }, { id }) => ({ domain: host.byId(id).ref }))
    .on(domainLookupByName, 'read', ({ host }, { name }) => ({ domain: host.byName(name).ref }))
    .on(domainLookupByUuid, 'read', ({ host }, { uuid }) => ({ domain: host.byUuid(uuid).ref }))
    .on(domainGetXmlDesc, 'read', (session, { domain, flags }) => ({
      xml: domainXml(domainOf(session, domain), flags),
    }))
    .on(domainGetInfo, 'read', (session, { domain }) => domainInfo(session, domainOf(session, domain)))
    .on(domainGetState, 'read', (session, { domain, flags }) => {
      checkFlags(flags, 0, 'qemuDomainGetState')
      return stateOf(domainOf(session, domain))
    })
    .on(domainGetControlInfo, 'read', (session, { domain, flags }) => {
      checkFlags(flags, 0, 'qemuDomainGetControlInfo')
      const { machine, jobs } = domainOf(session, domain)
      if (machine === null) throw operationInvalid('domain is not running')
      return { state: jobs.asyncJob === null ? 0 : 1, details: 0, stateTimeMs: 0n }
    })
    .on(domainGetOsType, 'read', (session, { domain }) => {
      domainOf(session, domain)
      return { type: 'hvm' }
    })
    .on(domainIsActive, 'read', (session, { domain }) => ({
      active: domainOf(session, domain).machine === null ? 0 : 1,
    }))
    .on(domainIsPersistent, 'read', (session, { domain }) => ({
      persistent: domainOf(session, domain).config === null ? 0 : 1,
    }))
    .on(domainIsUpdated, 'read', (session, { domain }) => {
      domainOf(session, domain)
      return { updated: 0 }
    })
    .on(domainGetAutostart, 'read', (session, { domain }) => ({
      autostart: domainOf(session, domain).autostart ? 1 : 0,
    }))
    .on(domainSetAutostart, 'write', (session, { domain, autostart }) => {
      const found = domainOf(session, domain)
      if (found.config === null) throw operationInvalid('cannot set autostart for transient domain')
      found.autostart = autostart !== 0
      return EMPTY
    })
    .on(domainGetMessages, 'read', (session, { domain, flags }) => {
      checkFlags(flags, session.host.features.messageFlags, 'qemuDomainGetMessages')
      domainOf(session, domain)
      return { messages: [] }
    })
    .on(domainGetMetadata, 'read', (session, { domain, type, uri, flags }) => ({
      metadata: readMetadata(session.host, domainOf(session, domain), type, uri, flags),
    }))
    .on(domainSetMetadata, 'write', async (session, { domain, type, metadata, key, uri, flags }) => {
      await setMetadata(session.host, domainOf(session, domain), { type, value: metadata, key, uri }, flags)
      return EMPTY
    })
    .on(domainDefineXml, 'write', ({ host }, { xml }) => ({ domain: defineDomain(host, xml).ref }))
    .on(domainDefineXmlFlags, 'write', ({ host }, { xml, flags }) => ({
      domain: defineDomain(host, xml, flags).ref,
    }))
    .on(domainUndefine, 'write', (session, { domain }) => {
      undefineDomain(session.host, domainOf(session, domain))
      return EMPTY
    })
    .on(domainUndefineFlags, 'write', (session, { domain, flags }) => {
      undefineDomain(session.host, domainOf(session, domain), flags)
      return EMPTY
    })
}

function domainInfo(session: Session, domain: Domain) {
  const { machine, definition } = domain
  if (machine !== null) addUpCpuTime(session.host, domain, machine)
  return {
    state: stateOf(domain).state,
    maxMemoryKib: BigInt(definition.memoryKib),
    memoryKib: BigInt(definition.currentMemoryKib),
    vcpus: vcpuCount(definition),
    cpuTimeNs: machine === null ? 0n : BigInt(Math.round(totalCpuTimeNs(machine))),
  }
}
