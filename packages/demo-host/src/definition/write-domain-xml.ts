import { escapeXml, printLibvirtXml, printPlainXml } from '../xml/print-xml.ts'
import { element, type XmlTree } from '../xml/xml-tree.ts'
import { SECTIONS_AFTER_CPUTUNE, SECTIONS_BEFORE_CPUTUNE, SECTIONS_BEFORE_VCPU } from './domain-sections.ts'
import { type DomainDefinition, vcpuCount } from './domain-definition.ts'

/** Prints a definition exactly in libvirt's shape. `id` is given for a running domain. */
export function writeDomainXml(definition: DomainDefinition, id?: number): string {
  const lines: string[] = []
  const qemuNamespace = [...definition.sections.keys()].some((name) => name.startsWith('qemu:'))
    ? " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    : ''
  lines.push(`<domain type='${definition.type}'${id === undefined ? '' : ` id='${id}'`}${qemuNamespace}>\n`)
  const put = (tree: XmlTree): void => void lines.push(printLibvirtXml(tree, 1))
  const section = (name: string): void => definition.sections.get(name)?.forEach(put)
  put(element('name', {}, definition.name))
  put(element('uuid', {}, definition.uuid))
  section('genid')
  if (definition.title !== null) put(element('title', {}, definition.title))
  if (definition.description !== null) put(element('description', {}, definition.description))
  lines.push(metadataXml(definition))
  section('maxMemory')
  put(element('memory', { unit: 'KiB' }, String(definition.memoryKib)))
  put(element('currentMemory', { unit: 'KiB' }, String(definition.currentMemoryKib)))
  SECTIONS_BEFORE_VCPU.forEach(section)
  lines.push(vcpuXml(definition))
  SECTIONS_BEFORE_CPUTUNE.forEach(section)
  const cputune = cputuneOf(definition)
  if (cputune.length > 0) put(element('cputune', {}, ...cputune))
  SECTIONS_AFTER_CPUTUNE.forEach(section)
  for (const name of definition.sections.keys()) if (name.startsWith('qemu:')) section(name)
  lines.push('</domain>\n')
  return lines.join('')
}

/** One element of other programs, without the prefix of its own namespace (virDomainGetMetadata). */
export function metadataElementXml(tree: XmlTree, uri: string): string {
  return printPlainXml(withoutNamespace(tree, uri))
}

function withoutNamespace(tree: XmlTree, uri: string): XmlTree {
  const declared = tree.attributes.find(([name, value]) => name.startsWith('xmlns') && value === uri)?.[0]
  const prefix = declared?.startsWith('xmlns:') === true ? `${declared.slice('xmlns:'.length)}:` : ''
  const strip = (each: XmlTree): XmlTree => ({
    name: prefix !== '' && each.name.startsWith(prefix) ? each.name.slice(prefix.length) : each.name,
    attributes: each.attributes.filter(([name]) => name !== declared),
    children: each.children.map((child) => (typeof child === 'string' ? child : strip(child))),
  })
  return strip(tree)
}

function metadataXml(definition: DomainDefinition): string {
  if (definition.metadata.size === 0) return ''
  const parts = [...definition.metadata.values()].map((tree) => `    ${printPlainXml(tree, 2)}\n`)
  return `  <metadata>\n${parts.join('')}  </metadata>\n`
}

function vcpuXml(definition: DomainDefinition): string {
  const maximum = definition.vcpus.length
  const current = vcpuCount(definition)
  const cpuset = definition.cpuset === null ? '' : ` cpuset='${escapeXml(definition.cpuset)}'`
  const currentText = current === maximum ? '' : ` current='${current}'`
  let text = `  <vcpu placement='static'${cpuset}${currentText}>${maximum}</vcpu>\n`
  if (!definition.individualVcpus) return text
  text += '  <vcpus>\n'
  definition.vcpus.forEach((slot, id) => {
    const hotpluggable =
      slot.hotpluggable === null ? '' : ` hotpluggable='${slot.hotpluggable ? 'yes' : 'no'}'`
    const order = slot.order === 0 ? '' : ` order='${slot.order}'`
    text += `    <vcpu id='${id}' enabled='${slot.online ? 'yes' : 'no'}'${hotpluggable}${order}/>\n`
  })
  return `${text}  </vcpus>\n`
}

function cputuneOf(definition: DomainDefinition): XmlTree[] {
  const pins = [...definition.pins]
    .sort(([a], [b]) => a - b)
    .map(([vcpu, cpuset]) => element('vcpupin', { vcpu, cpuset }))
  const emulator =
    definition.emulatorPin === null ? [] : [element('emulatorpin', { cpuset: definition.emulatorPin })]
  return [...definition.cputuneBefore, ...pins, ...emulator, ...definition.cputuneAfter]
}
