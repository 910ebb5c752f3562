import { ErrorCode, ErrorDomain, MetadataType, ModificationImpact } from '@coreshift/libvirt'
import type { DomainDefinition } from '../definition/domain-definition.ts'
import { metadataElementXml } from '../definition/write-domain-xml.ts'
import { parseXml, XmlSyntaxError } from '../xml/parse-xml.ts'
import type { XmlTree } from '../xml/xml-tree.ts'
import type { DemoHost } from './demo-host.ts'
import type { Domain } from './domain.ts'
import { impactOf, oneDefinition } from './impact.ts'
import { badArgument, invalid, LibvirtFault, unsupportedFlags, xmlBroken } from './libvirt-fault.ts'

const GET = 'virDomainGetMetadata'
const SET = 'virDomainSetMetadata'
const KNOWN = ModificationImpact.LIVE | ModificationImpact.CONFIG

/** Description, title or an own element. Throws LibvirtFault 80 when it is not set. */
export function readMetadata(
  host: DemoHost,
  domain: Domain,
  type: number,
  uri: string | null,
  flags: number,
): string {
  checkReadFlags(host, flags)
  const wrong = (text: string) => badArgument('uri', GET, `uri in ${GET} must ${text}`, ErrorDomain.DOMAIN)
  if ((type === MetadataType.DESCRIPTION || type === MetadataType.TITLE) && uri !== null)
    throw wrong('be NULL')
  if (type === MetadataType.ELEMENT && uri === null) throw wrong('not be NULL')
  const definition = oneDefinition(domain, flags, 'virDomainGetMetadata')
  const value = valueOf(definition, type, uri)
  if (value === null) {
    throw new LibvirtFault(
      ErrorCode.NO_DOMAIN_METADATA,
      ErrorDomain.DOMAIN,
      'Requested metadata element is not present',
    )
  }
  return value
}

function checkReadFlags(host: DemoHost, flags: number): void {
  const unknown = flags & ~KNOWN
  if (unknown === 0) return
  // Checked in another place before 10.0 (seen on 9.0.0).
  if (host.features.knows('10.0.0')) throw unsupportedFlags(unknown, 'qemuDomainGetMetadata')
  throw unsupportedFlags(unknown, 'virDomainObjGetMetadata', ErrorDomain.DOMAIN)
}

function valueOf(definition: DomainDefinition, type: number, uri: string | null): string | null {
  switch (type) {
    case MetadataType.DESCRIPTION:
      return definition.description
    case MetadataType.TITLE:
      return definition.title
    case MetadataType.ELEMENT: {
      const tree = definition.metadata.get(uri ?? '')
      return tree === undefined ? null : metadataElementXml(tree, uri ?? '')
    }
    default:
      throw invalid(`unknown metadata type '${type}'`, ErrorDomain.DOMAIN)
  }
}

/** What is to be set; `value` null removes. */
interface MetadataChange {
  readonly type: number
  readonly value: string | null
  readonly key: string | null
  readonly uri: string | null
}

/** Sets or removes description, title or an own element, and tells (virDomainSetMetadata). */
export async function setMetadata(
  host: DemoHost,
  domain: Domain,
  change: MetadataChange,
  flags: number,
): Promise<void> {
  if ((flags & ~KNOWN) !== 0) throw unsupportedFlags(flags & ~KNOWN, 'qemuDomainSetMetadata')
  checkChange(change)
  const tree = change.type === MetadataType.ELEMENT && change.value !== null ? namespaced(change) : null
  await domain.jobs.run('modify', 'remoteDispatchDomainSetMetadata', () => {
    const { live, config } = impactOf(domain, flags)
    for (const definition of [live?.definition, config]) {
      if (definition !== undefined && definition !== null) apply(definition, change, tree)
    }
  })
  host.emit({ kind: 'metadata-change', domain: domain.ref, type: change.type, uri: change.uri })
}

/** What virDomainSetMetadata demands of its arguments. */
function checkChange({ type, value, key, uri }: MetadataChange): void {
  const wrong = (argument: string, text: string) => badArgument(argument, SET, text, ErrorDomain.DOMAIN)
  const absent = (argument: string) => wrong(argument, `${argument} in ${SET} must not be NULL`)
  if (type === MetadataType.TITLE && value?.includes('\n') === true) {
    throw wrong('metadata', "metadata title can't contain newlines")
  }
  if (type === MetadataType.TITLE || type === MetadataType.DESCRIPTION) {
    if (uri !== null) throw wrong('uri', `uri in ${SET} must be NULL`)
    if (key !== null) throw wrong('key', `key in ${SET} must be NULL`)
  }
  if (type !== MetadataType.ELEMENT) return
  if (uri === null) throw absent('uri')
  if (value !== null && key === null) throw absent('key')
}

function apply(definition: DomainDefinition, change: MetadataChange, tree: XmlTree | null): void {
  switch (change.type) {
    case MetadataType.DESCRIPTION:
      definition.description = change.value
      return
    case MetadataType.TITLE:
      definition.title = change.value
      return
    case MetadataType.ELEMENT: {
      const uri = change.uri ?? ''
      definition.metadata.delete(uri)
      if (tree !== null) definition.metadata.set(uri, tree)
      return
    }
    default:
      throw invalid(`unknown metadata type '${change.type}'`, ErrorDomain.DOMAIN)
  }
}

/** libvirt puts every element without a namespace into the caller's, under the caller's prefix. */
function namespaced(change: MetadataChange): XmlTree {
  const { value } = change
  const key = change.key ?? ''
  const uri = change.uri ?? ''
  let parsed: XmlTree
  try {
    parsed = parseXml(value ?? '')
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw xmlBroken(error.line, error.message)
    throw error
  }
  const prefixed = (tree: XmlTree): XmlTree => ({
    name: tree.name.includes(':') ? tree.name : `${key}:${tree.name}`,
    attributes: tree.attributes,
    children: tree.children.map((child) => (typeof child === 'string' ? child : prefixed(child))),
  })
  const tree = prefixed(parsed)
  const declared = tree.attributes.some(([name]) => name === `xmlns:${key}`)
  return declared ? tree : { ...tree, attributes: [[`xmlns:${key}`, uri], ...tree.attributes] }
}
