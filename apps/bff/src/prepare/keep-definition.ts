import type { XmlElement } from 'libxml2-wasm'
import { z } from 'zod'
import { childElement, childElements, printDomain, withDomain } from './domain-document.ts'
import { addAfter, addChild, setText, takeOut } from './laid-out-element.ts'
import { putBackNumaCells, readNumaCells, trimNumaCells } from './numa-cells.ts'

const Attributes = z.record(z.string(), z.string())

/** The parts of a definition that preparing changes, kept so that it can be undone. JSON only. */
export const KeptDefinition = z.object({
  vcpu: z.object({ attributes: Attributes, text: z.string() }).optional(),
  vcpus: z.array(Attributes).optional(),
  cpu: z.boolean().describe('whether there was a <cpu> at all'),
  topology: Attributes.optional(),
  cells: z.array(z.string().nullable()).optional().describe('vCPUs of each guest NUMA cell'),
})
export type KeptDefinition = z.infer<typeof KeptDefinition>

function attributesOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attrs.map((attribute) => [attribute.name, attribute.value]))
}

/** @throws DomainXmlError */
export function keepDefinition(xml: string): KeptDefinition {
  return withDomain(xml, (domain) => {
    const vcpu = childElement(domain, 'vcpu')
    const vcpus = childElement(domain, 'vcpus')
    const cpu = childElement(domain, 'cpu')
    const topology = cpu && childElement(cpu, 'topology')
    const cells = readNumaCells(domain)
    return {
      cpu: cpu !== undefined,
      ...(vcpu && { vcpu: { attributes: attributesOf(vcpu), text: vcpu.content } }),
      ...(vcpus && { vcpus: childElements(vcpus, 'vcpu').map(attributesOf) }),
      ...(topology && { topology: attributesOf(topology) }),
      ...(cells.length > 0 && { cells }),
    }
  })
}

function setAttributes(element: XmlElement, attributes: Readonly<Record<string, string>>): void {
  for (const attribute of element.attrs) if (!(attribute.name in attributes)) attribute.remove()
  for (const [name, value] of Object.entries(attributes)) element.setAttr(name, value)
}

/**
 * Puts the kept parts back into a definition, which may have been changed elsewhere in the meantime: those
 * changes stay.
 * @throws DomainXmlError
 */
export function putBackDefinition(xml: string, kept: KeptDefinition): string {
  return withDomain(xml, (domain, document) => {
    const vcpu = childElement(domain, 'vcpu')
    putBackList(domain, vcpu, kept.vcpus)
    if (vcpu && kept.vcpu) {
      setAttributes(vcpu, kept.vcpu.attributes)
      setText(vcpu, kept.vcpu.text)
    } else if (vcpu) {
      takeOut(vcpu)
    }
    putBackTopology(domain, kept)
    if (kept.cells) putBackNumaCells(domain, kept.cells)
    trimNumaCells(domain, Number(childElement(domain, 'vcpu')?.content ?? 1))
    return printDomain(document)
  })
}

function putBackList(domain: XmlElement, vcpu: XmlElement | undefined, kept: KeptDefinition['vcpus']): void {
  const list = childElement(domain, 'vcpus')
  if (kept === undefined) {
    if (list) takeOut(list)
    return
  }
  const place = list ?? (vcpu && addAfter(vcpu, 'vcpus'))
  if (!place) return
  const entries = childElements(place, 'vcpu')
  for (const entry of entries.slice(kept.length)) takeOut(entry)
  kept.forEach((attributes, index) => setAttributes(entries[index] ?? addChild(place, 'vcpu'), attributes))
}

function putBackTopology(domain: XmlElement, kept: KeptDefinition): void {
  const cpu = childElement(domain, 'cpu')
  if (!cpu) return
  const topology = childElement(cpu, 'topology')
  if (kept.topology !== undefined) {
    setAttributes(topology ?? addChild(cpu, 'topology'), kept.topology)
    return
  }
  if (topology) takeOut(topology)
  // Only a <cpu> that preparing had to add goes again, not one that somebody gave more content since.
  if (!kept.cpu && cpu.attrs.length === 0 && cpu.content.trim() === '' && cpu.find('*').length === 0)
    takeOut(cpu)
}
