import { attribute, child, childElements, childText, textOf, type XmlTree } from '../xml/xml-tree.ts'
import { parseXml, XmlSyntaxError } from '../xml/parse-xml.ts'
import { invalid, unsupportedConfiguration, xmlBroken, xmlIncomplete } from '../hypervisor/libvirt-fault.ts'
import { KEPT_SECTIONS } from './domain-sections.ts'
import { readCpuList, writeCpuList } from './cpu-list.ts'
import {
  type DefinedTopology,
  type DomainDefinition,
  plainSlots,
  type VcpuSlot,
} from './domain-definition.ts'

/** libvirt's own limit of vCPUs per domain in a list of infos. */
const VCPUS_MAX = 16_384

const KIB_PER_UNIT: Readonly<Record<string, number>> = {
  b: 1 / 1024,
  bytes: 1 / 1024,
  KB: 1000 / 1024,
  k: 1,
  KiB: 1,
  MB: 1e6 / 1024,
  M: 1024,
  MiB: 1024,
  GB: 1e9 / 1024,
  G: 1_048_576,
  GiB: 1_048_576,
  TB: 1e12 / 1024,
  T: 1_073_741_824,
  TiB: 1_073_741_824,
}

const MODELLED = new Set([
  'name',
  'uuid',
  'title',
  'description',
  'metadata',
  'memory',
  'currentMemory',
  'vcpu',
  'vcpus',
  'cputune',
])

/**
 * Reads `<domain>` as libvirt does. `uuid` is taken when the XML has none.
 * Throws LibvirtFault: 35 for text that is no XML, 27 for a missing part, 67 and 8 for impossible vCPUs.
 */
export function readDomainXml(text: string, uuid: string): DomainDefinition {
  return readDomainTree(parse(text), uuid)
}

/** The same for a document that is a tree already. */
export function readDomainTree(root: XmlTree, uuid: string): DomainDefinition {
  if (root.name !== 'domain') {
    throw xmlIncomplete(`unexpected root element <${root.name}>, expecting <domain>`)
  }
  const os = child(root, 'os')
  const osType = os === undefined ? undefined : child(os, 'type')
  if (osType === undefined) throw xmlIncomplete('an os <type> must be specified')
  const name = childText(root, 'name')
  if (name === undefined) throw xmlIncomplete('name')
  const memoryKib = readMemory(child(root, 'memory'))
  if (memoryKib === null) throw xmlIncomplete('missing element memory')
  const { slots, individual, cpuset } = readVcpus(root)
  const cputune = child(root, 'cputune')
  const tuning = cputune === undefined ? [] : childElements(cputune)
  const firstPin = tuning.findIndex((each) => each.name === 'vcpupin' || each.name === 'emulatorpin')
  const others = (from: number, to: number) =>
    tuning.slice(from, to).filter((each) => each.name !== 'vcpupin' && each.name !== 'emulatorpin')
  return {
    type: attribute(root, 'type') ?? 'qemu',
    name,
    uuid: (childText(root, 'uuid') ?? uuid).toLowerCase(),
    title: wholeText(root, 'title'),
    description: wholeText(root, 'description'),
    metadata: readMetadata(child(root, 'metadata')),
    memoryKib,
    currentMemoryKib: readMemory(child(root, 'currentMemory')) ?? memoryKib,
    cpuset,
    vcpus: slots,
    individualVcpus: individual,
    pins: readPins(tuning, slots.length),
    emulatorPin: attribute(tuning.find((each) => each.name === 'emulatorpin') ?? NOTHING, 'cpuset') ?? null,
    cputuneBefore: firstPin < 0 ? tuning : others(0, firstPin),
    cputuneAfter: firstPin < 0 ? [] : others(firstPin, tuning.length),
    arch: attribute(osType, 'arch') ?? 'x86_64',
    machine: attribute(osType, 'machine') ?? '',
    topology: readTopology(child(root, 'cpu'), slots.length),
    sections: readSections(root),
  }
}

const NOTHING: XmlTree = { name: '', attributes: [], children: [] }

function parse(text: string): XmlTree {
  try {
    return parseXml(text)
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw xmlBroken(error.line, error.message)
    throw error
  }
}

/** Text of a child with its spaces and line breaks, as somebody wrote it. */
function wholeText(root: XmlTree, name: string): string | null {
  const found = child(root, name)
  return found === undefined ? null : found.children.filter((each) => typeof each === 'string').join('')
}

function readMemory(tree: XmlTree | undefined): number | null {
  if (tree === undefined) return null
  const unit = KIB_PER_UNIT[attribute(tree, 'unit') ?? 'KiB']
  const value = Number(textOf(tree))
  if (unit === undefined || !Number.isFinite(value) || value < 0)
    throw xmlIncomplete(`invalid memory '${textOf(tree)}'`)
  return Math.ceil(value * unit)
}

function readVcpus(root: XmlTree): { slots: VcpuSlot[]; individual: boolean; cpuset: string | null } {
  const vcpu = child(root, 'vcpu')
  const maximum = vcpu === undefined ? 1 : Number(textOf(vcpu) || '1')
  if (!Number.isInteger(maximum) || maximum < 1 || maximum > VCPUS_MAX) {
    throw xmlIncomplete(`maximum vcpus count must be an integer`)
  }
  const currentText = vcpu === undefined ? undefined : attribute(vcpu, 'current')
  const current = currentText === undefined ? maximum : Number(currentText)
  if (!Number.isInteger(current) || current < 1) throw xmlIncomplete('current vcpus count must be an integer')
  if (current > maximum) {
    throw xmlIncomplete(`maxvcpus must not be less than current vcpus (${maximum} < ${current})`)
  }
  const cpusetText = vcpu === undefined ? undefined : attribute(vcpu, 'cpuset')
  const cpus = cpusetText === undefined ? null : readCpuList(cpusetText)
  const list = child(root, 'vcpus')
  if (list === undefined) {
    return {
      slots: plainSlots(maximum, current),
      individual: false,
      cpuset: cpus === null ? null : writeCpuList(cpus),
    }
  }
  const slots = plainSlots(maximum, 0)
  for (const each of childElements(list)) readSlot(each, slots)
  checkSlots(slots, current)
  return { slots, individual: true, cpuset: cpus === null ? null : writeCpuList(cpus) }
}

function readSlot(tree: XmlTree, slots: VcpuSlot[]): void {
  const id = Number(attribute(tree, 'id'))
  const slot = slots[id]
  if (slot === undefined)
    throw xmlIncomplete(`vcpu id '${attribute(tree, 'id') ?? ''}' is out of range of maximum vcpu count`)
  const enabled = attribute(tree, 'enabled')
  if (enabled !== 'yes' && enabled !== 'no')
    throw xmlIncomplete("missing or invalid vcpu 'enabled' attribute")
  slot.online = enabled === 'yes'
  const hotpluggable = attribute(tree, 'hotpluggable')
  slot.hotpluggable = !slot.online || hotpluggable === 'yes'
  slot.order = Number(attribute(tree, 'order') ?? '0')
}

/** The rules of QEMU's driver (qemuDomainDefVcpusPostParse). */
function checkSlots(slots: readonly VcpuSlot[], current: number): void {
  const first = slots[0]
  if (first === undefined || !first.online) throw unsupportedConfiguration("vcpu 0 can't be offline")
  if (first.hotpluggable) throw unsupportedConfiguration("vcpu0 can't be hotpluggable")
  if (first.order > 1) throw unsupportedConfiguration('vcpu0 must be enabled first')
  if (slots.filter((slot) => slot.online).length !== current) {
    throw invalid('vcpus: number of enabled vcpus does not match the current count')
  }
  let previous = first
  for (const slot of slots.slice(1)) {
    if (slot.online && (slot.order !== 0) !== (first.order !== 0)) {
      throw unsupportedConfiguration('all vcpus must have either set or unset order')
    }
    if (slot.hotpluggable === false) {
      if (previous.hotpluggable === true) {
        throw unsupportedConfiguration(
          'online non-hotpluggable vcpus need to be ordered prior to hotpluggable vcpus',
        )
      }
      if (previous.order > slot.order) {
        throw unsupportedConfiguration('online non-hotpluggable vcpus must be ordered in ascending order')
      }
    }
    previous = slot
  }
}

function readPins(tuning: readonly XmlTree[], maximum: number): Map<number, string> {
  const pins = new Map<number, string>()
  for (const each of tuning) {
    if (each.name !== 'vcpupin') continue
    const id = Number(attribute(each, 'vcpu'))
    const cpus = readCpuList(attribute(each, 'cpuset') ?? '')
    if (cpus === null) throw xmlIncomplete('missing cpuset for vcpupin')
    // A pin of a vCPU above the maximum is ignored, as libvirt does.
    if (id < maximum) pins.set(id, writeCpuList(cpus))
  }
  return pins
}

function readMetadata(tree: XmlTree | undefined): Map<string, XmlTree> {
  const metadata = new Map<string, XmlTree>()
  for (const each of tree === undefined ? [] : childElements(tree)) {
    const prefix = each.name.includes(':') ? each.name.slice(0, each.name.indexOf(':')) : ''
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
    const own = attribute(each, declaration)
    const outer = tree === undefined ? undefined : attribute(tree, declaration)
    const uri = own ?? outer
    if (uri === undefined) continue
    metadata.set(
      uri,
      own === undefined ? { ...each, attributes: [[declaration, uri], ...each.attributes] } : each,
    )
  }
  return metadata
}

function readTopology(cpu: XmlTree | undefined, maximum: number): DefinedTopology | null {
  const tree = cpu === undefined ? undefined : child(cpu, 'topology')
  if (tree === undefined) return null
  const number = (name: string, missing?: number): number => {
    const text = attribute(tree, name)
    if (text === undefined && missing !== undefined) return missing
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1)
      throw xmlIncomplete(`Missing or invalid '${name}' attribute in CPU topology`)
    return value
  }
  const topology = {
    sockets: number('sockets'),
    dies: number('dies', 1),
    clusters: number('clusters', 1),
    cores: number('cores'),
    threads: number('threads'),
  }
  const vcpus = topology.sockets * topology.dies * topology.clusters * topology.cores * topology.threads
  if (vcpus !== maximum) throw unsupportedConfiguration("CPU topology doesn't match maximum vcpu count")
  return topology
}

function readSections(root: XmlTree): Map<string, readonly XmlTree[]> {
  const sections = new Map<string, XmlTree[]>()
  for (const each of childElements(root)) {
    if (MODELLED.has(each.name)) continue
    if (!KEPT_SECTIONS.has(each.name) && !each.name.startsWith('qemu:')) continue
    const known = sections.get(each.name)
    if (known === undefined) sections.set(each.name, [each])
    else known.push(each)
  }
  return sections
}
