import {
  DefinedDetail,
  DefineFlags,
  ErrorCode,
  ErrorDomain,
  LifecycleEvent,
  UndefinedDetail,
  UndefineFlags,
} from '@coreshift/libvirt'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import { withDefaults } from '../definition/fill-defaults.ts'
import { readDomainTree, readDomainXml } from '../definition/read-domain-xml.ts'
import { withAgentState } from '../definition/live-devices.ts'
import { writeDomainXml } from '../definition/write-domain-xml.ts'
import { uuidFor } from '../random.ts'
import type { XmlTree } from '../xml/xml-tree.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { lifecycle } from './guest-power.ts'
import { LibvirtFault, operationInvalid, unsupportedFlags } from './libvirt-fault.ts'

const XML_FLAGS = 15
const INACTIVE = 2
const UNDEFINE_FLAGS = 127

/** Reads a definition and completes it as libvirt does. Throws LibvirtFault. */
export function readDefinition(host: DemoHost, xml: string): DomainDefinition {
  const definition = readDomainXml(xml, uuidFor(`${host.name}/${host.random.next()}`))
  return withDefaults(host, definition)
}

/** Stores a definition (virDomainDefineXMLFlags). Throws LibvirtFault 9 when name or UUID belong to another. */
export function defineDomain(host: DemoHost, xml: string, flags = 0): Domain {
  if ((flags & ~DefineFlags.VALIDATE) !== 0)
    throw unsupportedFlags(flags & ~DefineFlags.VALIDATE, 'qemuDomainDefineXMLFlags')
  return storeDefinition(host, readDefinition(host, xml))
}

/** Stores a definition that was built here and not read from text. */
export function defineDomainTree(host: DemoHost, tree: XmlTree): Domain {
  return storeDefinition(host, withDefaults(host, readDomainTree(tree, '')))
}

function storeDefinition(host: DemoHost, definition: DomainDefinition): Domain {
  const known = host.domains.get(definition.uuid)
  checkNames(host, definition, known)
  if (known === undefined) {
    const domain = host.addDomain(definition, true)
    lifecycle(host, domain, LifecycleEvent.DEFINED, DefinedDetail.ADDED)
    return domain
  }
  known.config = definition
  lifecycle(host, known, LifecycleEvent.DEFINED, DefinedDetail.UPDATED)
  return known
}

/** A name belongs to one UUID only, and the other way round. */
export function checkNames(host: DemoHost, definition: DomainDefinition, known: Domain | undefined): void {
  const named = host.findByName(definition.name)
  if (named !== undefined && named !== known) {
    throw taken(`domain '${definition.name}' already exists with uuid ${named.uuid}`)
  }
  if (known !== undefined && known.name !== definition.name) {
    throw taken(`domain '${known.name}' is already defined with uuid ${known.uuid}`)
  }
}

function taken(detail: string): LibvirtFault {
  return new LibvirtFault(ErrorCode.OPERATION_FAILED, ErrorDomain.DOMAIN, detail)
}

/** Removes the stored definition; a running domain becomes transient (virDomainUndefineFlags). */
export function undefineDomain(host: DemoHost, domain: Domain, flags = 0): void {
  if ((flags & ~UNDEFINE_FLAGS) !== 0)
    throw unsupportedFlags(flags & ~UNDEFINE_FLAGS, 'qemuDomainUndefineFlags')
  if (domain.config === null) throw operationInvalid('cannot undefine transient domain')
  if (domain.managedSave && (flags & UndefineFlags.MANAGED_SAVE) === 0) {
    throw operationInvalid('Refusing to undefine while domain managed save image exists')
  }
  domain.managedSave = false
  const { ref } = domain
  if (domain.machine === null) host.removeDomain(domain)
  else domain.config = null
  host.emit({
    kind: 'lifecycle',
    domain: ref,
    event: LifecycleEvent.UNDEFINED,
    detail: UndefinedDetail.REMOVED,
  })
}

/** The domain as XML (virDomainGetXMLDesc): live, or stored with flag 2. */
export function domainXml(domain: Domain, flags: number): string {
  if ((flags & ~XML_FLAGS) !== 0) throw unsupportedFlags(flags & ~XML_FLAGS, 'qemuDomainGetXMLDesc')
  const { machine } = domain
  if (machine === null || (flags & INACTIVE) !== 0) {
    return writeDomainXml(domain.config ?? domain.definition)
  }
  return writeDomainXml(withAgentState(machine.definition, machine.agentConnected), machine.id)
}
