import { defaultTopology, type CpuTopology } from '@coreshift/shared'
import { parseVcpuList } from '@coreshift/libvirt'
import { ParseOption, XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm'
import { METADATA_URI, type DefinedVcpu, type DomainDefinition } from './domain-definition.ts'

/** No network, no external entities, no entity substitution: libvirt's XML needs none of them. */
export const SAFE_XML =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NOERROR |
  ParseOption.XML_PARSE_NOWARNING

const NAMESPACES = { libosinfo: 'http://libosinfo.org/xmlns/libvirt/domain/1.0', coreshift: METADATA_URI }

/** A domain XML that is not what libvirt documents. */
export class DomainXmlError extends Error {
  override readonly name = 'DomainXmlError'
}

/**
 * Reads a domain's XML as libvirt prints it (formatdomain.html).
 * @throws DomainXmlError that says what was missing
 */
export function parseDomainXml(xml: string): DomainDefinition {
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(xml, { option: SAFE_XML })
  } catch (cause) {
    throw new DomainXmlError(`libvirt's domain XML is not well-formed: ${String(cause)}`, { cause })
  }
  try {
    // libvirt prints none; with one, reading a text would expand its entities.
    if (document.dtd !== null) throw new DomainXmlError('the domain XML has a document type declaration')
    return readDomain(document.root)
  } finally {
    document.dispose()
  }
}

function readDomain(root: XmlElement): DomainDefinition {
  const domain = new Sections(root)
  const vcpu = domain.first('vcpu')
  const vcpuMax = vcpu === undefined ? 1 : whole(vcpu.content, 'vcpu')
  const current = attribute(vcpu, 'current')
  const vcpus = readVcpus(
    domain.first('vcpus'),
    vcpuMax,
    current === undefined ? vcpuMax : whole(current, 'vcpu/@current'),
  )
  const cpu = domain.first('cpu')
  const topology = readTopology(cpu && child(cpu, 'topology'))
  const os = domain.first('os')
  const type = os && child(os, 'type')
  if (!type) throw new DomainXmlError('os/type is missing in the domain XML')
  const title = domain.first('title')?.content
  const description = domain.first('description')?.content
  const metadata = domain.first('metadata')
  const osinfoId = attribute(element(metadata?.get('libosinfo:libosinfo/libosinfo:os', NAMESPACES)), 'id')
  const domainId = attribute(root, 'id')
  const override = attribute(element(metadata?.get('coreshift:vm', NAMESPACES)), 'guest-os')
  return {
    uuid: required(domain.first('uuid')?.content, 'uuid').toLowerCase(),
    name: required(domain.first('name')?.content, 'name'),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(domainId !== undefined && { domainId: whole(domainId, 'domain/@id') }),
    domainType: attribute(root, 'type') ?? 'unknown',
    arch: attribute(type, 'arch') ?? 'unknown',
    machine: attribute(type, 'machine') ?? 'unknown',
    vcpuMax,
    vcpus,
    topology: topology ?? defaultTopology(vcpuMax),
    topologyDeclared: topology !== undefined,
    pinning: readPinning(domain.first('cputune')),
    cells: readCells(cpu && child(cpu, 'numa')),
    agent: readAgent(domain.first('devices')),
    ...(osinfoId !== undefined && { osinfoId }),
    ...(override !== undefined && { guestOsOverride: override }),
  }
}

/** Without a `<vcpus>` list libvirt numbers from 0 and none of the boot vCPUs is hot-pluggable. */
function readVcpus(list: XmlElement | undefined, maximum: number, current: number): DefinedVcpu[] {
  const listed = new Map<number, DefinedVcpu>()
  if (list) {
    for (const node of children(list, 'vcpu')) {
      const id = whole(required(attribute(node, 'id'), 'vcpus/vcpu/@id'), 'vcpus/vcpu/@id')
      const order = attribute(node, 'order')
      listed.set(id, {
        id,
        enabled: attribute(node, 'enabled') === 'yes',
        hotpluggable: attribute(node, 'hotpluggable') === 'yes',
        ...(order !== undefined && { order: whole(order, 'vcpus/vcpu/@order') }),
      })
    }
  }
  return Array.from(
    { length: maximum },
    (_, id) => listed.get(id) ?? { id, enabled: id < current, hotpluggable: id >= current },
  )
}

function readTopology(node: XmlElement | undefined): CpuTopology | undefined {
  if (!node) return undefined
  const count = (name: string): number => {
    const value = attribute(node, name)
    return value === undefined ? 1 : whole(value, `cpu/topology/@${name}`)
  }
  return {
    sockets: count('sockets'),
    dies: count('dies'),
    clusters: count('clusters'),
    cores: count('cores'),
    threads: count('threads'),
  }
}

function readPinning(tune: XmlElement | undefined): Map<number, string> {
  const pinning = new Map<number, string>()
  if (!tune) return pinning
  for (const pin of children(tune, 'vcpupin')) {
    const id = attribute(pin, 'vcpu')
    const cpus = attribute(pin, 'cpuset')
    if (id !== undefined && cpus !== undefined) pinning.set(whole(id, 'cputune/vcpupin/@vcpu'), cpus)
  }
  return pinning
}

function readCells(numa: XmlElement | undefined): Map<number, number> {
  const cells = new Map<number, number>()
  if (!numa) return cells
  for (const [index, cell] of children(numa, 'cell').entries()) {
    const cpus = attribute(cell, 'cpus')
    if (cpus === undefined) continue
    const id = attribute(cell, 'id')
    for (const vcpu of parseVcpuList(cpus))
      cells.set(vcpu, id === undefined ? index : whole(id, 'cpu/numa/cell/@id'))
  }
  return cells
}

function readAgent(devices: XmlElement | undefined): DomainDefinition['agent'] {
  const target = element(devices?.get("channel/target[@name='org.qemu.guest_agent.0']"))
  if (!target) return 'none'
  return attribute(target, 'state') === 'connected' ? 'connected' : 'disconnected'
}

/** The elements directly below the root, by name: found in one walk, where an XPath each is most of the work. */
class Sections {
  readonly #first = new Map<string, XmlElement>()

  constructor(root: XmlElement) {
    for (const node of elementsOf(root)) if (!this.#first.has(node.name)) this.#first.set(node.name, node)
  }

  first(name: string): XmlElement | undefined {
    return this.#first.get(name)
  }
}

function element(node: XmlNode | null | undefined): XmlElement | undefined {
  return node instanceof XmlElement ? node : undefined
}

function* elementsOf(parent: XmlElement): Iterable<XmlElement> {
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) yield node
  }
}

function child(parent: XmlElement, name: string): XmlElement | undefined {
  for (const node of elementsOf(parent)) if (node.name === name) return node
  return undefined
}

function children(parent: XmlElement, name: string): XmlElement[] {
  return [...elementsOf(parent)].filter((node) => node.name === name)
}

function attribute(node: XmlElement | undefined, name: string): string | undefined {
  return node?.attr(name)?.value
}

function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new DomainXmlError(`${what} is missing in the domain XML`)
  return value
}

function whole(value: string, what: string): number {
  const number = Number(value.trim())
  if (!Number.isInteger(number) || number < 0)
    throw new DomainXmlError(`${what} is "${value}", not a whole number`)
  return number
}
