import type { CpuTopology, DefinitionFacts, VcpuFacts } from '@coreshift/shared'
import type { XmlElement } from 'libxml2-wasm'
import { DomainXmlError } from '../inventory/parse-domain-xml.ts'
import { childElement, childElements, printDomain, withDomain } from './domain-document.ts'
import { addAfter, addChild, setText, takeOut } from './laid-out-element.ts'
import { trimNumaCells } from './numa-cells.ts'

/**
 * A stored domain's XML with another number, topology and hot-pluggability of vCPUs. Only `<vcpu>`, `<vcpus>`,
 * `<cpu><topology>` and, for fewer vCPUs, `<cpu><numa>` are touched; everything else, known or not, stays as it is.
 * @throws DomainXmlError
 */
export function writeDefinition(xml: string, target: DefinitionFacts): string {
  return withDomain(xml, (domain, document) => {
    const vcpu = childElement(domain, 'vcpu') ?? addVcpu(domain)
    writeCount(vcpu, target)
    writeList(domain, vcpu, target)
    if (target.topologyDeclared) writeTopology(domain, target.topology)
    trimNumaCells(domain, target.maximum)
    return printDomain(document)
  })
}

/** A definition without `<vcpu>` has one vCPU. */
function addVcpu(domain: XmlElement): XmlElement {
  const place = childElement(domain, 'memory') ?? childElement(domain, 'name')
  if (!place) throw new DomainXmlError('The domain XML has neither memory nor name.')
  return addAfter(place, 'vcpu')
}

function writeCount(vcpu: XmlElement, target: DefinitionFacts): void {
  const present = target.vcpus.filter((one) => one.enabled).length
  setText(vcpu, String(target.maximum))
  if (present === target.maximum) vcpu.attr('current')?.remove()
  else vcpu.setAttr('current', String(present))
}

/** What libvirt assumes without a list: the lowest are present and fixed, the others can be plugged. */
function isAssumed(vcpus: readonly VcpuFacts[]): boolean {
  const present = vcpus.filter((vcpu) => vcpu.enabled).length
  return vcpus.every((vcpu) => vcpu.enabled === vcpu.id < present && vcpu.hotpluggable !== vcpu.enabled)
}

function writeList(domain: XmlElement, vcpu: XmlElement, target: DefinitionFacts): void {
  const existing = childElement(domain, 'vcpus')
  if (!existing && isAssumed(target.vcpus)) return
  const list = existing ?? addAfter(vcpu, 'vcpus')
  const byId = new Map(childElements(list, 'vcpu').map((entry) => [Number(entry.attr('id')?.value), entry]))
  for (const [id, entry] of byId) if (id >= target.maximum) takeOut(entry)
  // libvirt 12.8.0: a vCPU that a list leaves out is absent, so the list names all of them.
  for (const { id, enabled, hotpluggable } of target.vcpus) {
    const entry = byId.get(id) ?? addChild(list, 'vcpu')
    entry.setAttr('id', String(id))
    entry.setAttr('enabled', enabled ? 'yes' : 'no')
    entry.setAttr('hotpluggable', hotpluggable ? 'yes' : 'no')
    // The order of an earlier run may name a vCPU that is no longer there.
    entry.attr('order')?.remove()
  }
}

/** Attributes that older libvirt versions do not know (dies 6.1, clusters 10.1) are written where they matter. */
const SINCE_LATER: ReadonlySet<string> = new Set(['dies', 'clusters'])

function writeTopology(domain: XmlElement, topology: CpuTopology): void {
  const cpu = childElement(domain, 'cpu') ?? addAfter(placeOfCpu(domain), 'cpu')
  const element = childElement(cpu, 'topology') ?? addChild(cpu, 'topology')
  for (const part of ['sockets', 'dies', 'clusters', 'cores', 'threads'] as const) {
    const isKnown = element.attr(part) !== null || !SINCE_LATER.has(part)
    if (isKnown || topology[part] !== 1) element.setAttr(part, String(topology[part]))
  }
}

function placeOfCpu(domain: XmlElement): XmlElement {
  const place = ['features', 'os', 'vcpus', 'vcpu']
    .map((name) => childElement(domain, name))
    .find((element) => element !== undefined)
  if (!place) throw new DomainXmlError('The domain XML has no vcpu element.')
  return place
}
