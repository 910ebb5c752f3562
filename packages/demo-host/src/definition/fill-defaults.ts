import type { DemoHost } from '../hypervisor/demo-host.ts'
import { unsupportedConfiguration } from '../hypervisor/libvirt-fault.ts'
import { attribute, child, childElements, element, withAttribute, type XmlTree } from '../xml/xml-tree.ts'
import type { DomainDefinition } from './domain-definition.ts'

/** Machine types that stand for the newest of their kind. */
const MACHINE_ALIASES: Readonly<Record<string, string>> = {
  q35: 'pc-q35-',
  pc: 'pc-i440fx-',
  pseries: 'pseries-',
  virt: 'virt-',
  's390-ccw-virtio': 's390-ccw-virtio-',
}

const DEFAULT_MACHINE: Readonly<Record<string, string>> = {
  x86_64: 'pc',
  i686: 'pc',
  ppc64le: 'pseries',
  ppc64: 'pseries',
  aarch64: 'virt',
  s390x: 's390-ccw-virtio',
}

/** QEMU's own maximum of vCPUs by machine type (domain capabilities). */
export function machineMaximum(machine: string): number {
  if (machine.includes('q35')) return 4096
  if (machine.startsWith('pseries')) return 4096
  if (machine.startsWith('s390')) return 248
  if (machine.startsWith('virt')) return 512
  return 255
}

/** What libvirt adds to a definition when it stores it. Throws LibvirtFault 67. */
export function withDefaults(host: DemoHost, definition: DomainDefinition): DomainDefinition {
  const machine = fullMachine(host, definition)
  const maximum = machineMaximum(machine)
  if (definition.vcpus.length > maximum) {
    throw unsupportedConfiguration(`Maximum CPUs greater than specified machine type limit ${maximum}`)
  }
  const sections = new Map(definition.sections)
  sections.set('os', sections.get('os')?.map((os) => completeOs(os, machine, definition.arch)) ?? [])
  const setDefault = (name: string, tree: XmlTree): void => {
    if (!sections.has(name)) sections.set(name, [tree])
  }
  sections.set('cpu', [completeCpu(host, sections.get('cpu')?.[0], definition)])
  setDefault('clock', element('clock', { offset: 'utc' }))
  setDefault('on_poweroff', element('on_poweroff', {}, 'destroy'))
  setDefault('on_reboot', element('on_reboot', {}, 'restart'))
  setDefault('on_crash', element('on_crash', {}, 'destroy'))
  const devices = completeDevices(sections.get('devices')?.[0], definition)
  sections.set('devices', [devices])
  return { ...definition, machine, sections }
}

function fullMachine(host: DemoHost, definition: DomainDefinition): string {
  const wanted = definition.machine === '' ? (DEFAULT_MACHINE[definition.arch] ?? 'pc') : definition.machine
  const prefix = MACHINE_ALIASES[wanted]
  return prefix === undefined ? wanted : `${prefix}${host.features.machineSuffix}`
}

function completeOs(os: XmlTree, machine: string, arch: string): XmlTree {
  const children = childElements(os).map((part) =>
    part.name === 'type' ? withAttribute(withAttribute(part, 'arch', arch), 'machine', machine) : part,
  )
  if (!children.some((part) => part.name === 'boot')) children.push(element('boot', { dev: 'hd' }))
  return { ...os, children }
}

function completeCpu(host: DemoHost, cpu: XmlTree | undefined, definition: DomainDefinition): XmlTree {
  const given = cpu ?? element('cpu')
  const mode = attribute(given, 'mode')
  const parts = childElements(given)
    .filter((part) => part.name !== 'topology')
    .map((part) => part)
  const topology = topologyTree(host, definition)
  if (mode !== undefined && mode !== 'custom') {
    const attributes = [...given.attributes]
    if (attribute(given, 'check') === undefined)
      attributes.push(['check', mode === 'host-model' ? 'partial' : 'none'])
    if (mode === 'host-passthrough' && attribute(given, 'migratable') === undefined)
      attributes.push(['migratable', 'on'])
    return { ...given, attributes, children: [...(topology === null ? [] : [topology]), ...parts] }
  }
  const model = child(given, 'model') ?? defaultModel(definition)
  const rest = parts.filter((part) => part.name !== 'model')
  return element(
    'cpu',
    {
      mode: 'custom',
      match: attribute(given, 'match') ?? 'exact',
      check: attribute(given, 'check') ?? (definition.type === 'qemu' ? 'none' : 'partial'),
    },
    attribute(model, 'fallback') === undefined
      ? { ...model, attributes: [['fallback', 'allow'], ...model.attributes] }
      : model,
    ...rest.filter((part) => part.name === 'vendor'),
    ...(topology === null ? [] : [topology]),
    ...rest.filter((part) => part.name !== 'vendor'),
  )
}

function defaultModel(definition: DomainDefinition): XmlTree {
  const model = definition.arch.startsWith('ppc64')
    ? 'POWER9'
    : definition.arch === 'aarch64'
      ? 'cortex-a15'
      : 'qemu64'
  return element('model', { fallback: 'forbid' }, model)
}

function topologyTree(host: DemoHost, definition: DomainDefinition): XmlTree | null {
  const { topology } = definition
  if (topology === null) return null
  const { sockets, dies, clusters, cores, threads } = topology
  // Clusters came with 10.1.0.
  return host.features.knows('10.1.0')
    ? element('topology', { sockets, dies, clusters, cores, threads })
    : element('topology', { sockets, dies, cores, threads })
}

function completeDevices(devices: XmlTree | undefined, definition: DomainDefinition): XmlTree {
  const children = devices === undefined ? [] : childElements(devices)
  const emulator = children.find(({ name }) => name === 'emulator') ?? defaultEmulator(definition)
  const rest = children.filter(({ name }) => name !== 'emulator')
  const has = (name: string): boolean => rest.some((device) => device.name === name)
  const added: XmlTree[] = []
  if (!has('memballoon')) added.push(element('memballoon', { model: 'virtio' }))
  return { name: 'devices', attributes: [], children: [emulator, ...rest, ...added] }
}

function defaultEmulator(definition: DomainDefinition): XmlTree {
  const arch = definition.arch === 'ppc64le' ? 'ppc64' : definition.arch === 'i686' ? 'i386' : definition.arch
  return element('emulator', {}, `/usr/bin/qemu-system-${arch}`)
}
