import { attribute, child, childElements, element, withAttribute, type XmlTree } from '../xml/xml-tree.ts'
import { liveCpu } from './live-cpu.ts'
import { AGENT_CHANNEL, type DomainDefinition } from './domain-definition.ts'

/** Length of the part of a domain's name that libvirt uses in folder names (virDomainDefGetShortName). */
const CHANNEL_FOLDER_CHARS = 24

/** Alias of a device as libvirt builds it from type and position (qemu_alias.c), or `null` where it gives none. */
function aliasFor(device: XmlTree, index: number): string | null {
  switch (device.name) {
    case 'disk': {
      const target = child(device, 'target')
      const bus = target === undefined ? 'virtio' : (attribute(target, 'bus') ?? 'virtio')
      return bus === 'virtio' ? `virtio-disk${index}` : `${bus}0-0-${index}`
    }
    case 'controller':
      return controllerAlias(device)
    case 'interface':
      return `net${index}`
    case 'serial':
    case 'parallel':
    case 'channel':
    case 'input':
    case 'video':
    case 'rng':
    case 'watchdog':
    case 'sound':
    case 'tpm':
      return `${device.name}${index}`
    case 'console':
      return index === 0 ? 'serial0' : `console${index}`
    case 'memballoon':
      return 'balloon0'
    default:
      return null
  }
}

function controllerAlias(device: XmlTree): string {
  const type = attribute(device, 'type') ?? ''
  const model = attribute(device, 'model') ?? ''
  const index = attribute(device, 'index') ?? '0'
  if (type === 'usb') return index === '0' ? 'usb' : `usb${index}`
  if (type === 'sata') return index === '0' ? 'ide' : `ide${index}`
  if (type === 'pci' && model === 'pcie-root') return 'pcie.0'
  if (type === 'pci') return `pci.${index}`
  return `${type}${index}`
}

function liveDevice(device: XmlTree, index: number, id: number, name: string): XmlTree {
  let live = device
  if (live.name === 'channel') live = liveChannel(live, `${id}-${name}`)
  if (live.name === 'interface' && child(live, 'target') === undefined) {
    live = insertBefore(live, element('target', { dev: `vnet${(id * 2 + index) % 4096}` }), [
      'model',
      'alias',
      'address',
    ])
  }
  // A device with model 'none' stands for its absence.
  const absent = attribute(live, 'model') === 'none'
  const alias = absent || child(live, 'alias') !== undefined ? null : aliasFor(live, index)
  return alias === null ? live : insertBefore(live, element('alias', { name: alias }), ['address'])
}

/** The agent's channel has a socket of its own per run, and a state. */
function liveChannel(device: XmlTree, folder: string): XmlTree {
  const target = child(device, 'target')
  if (target === undefined || attribute(target, 'name') !== AGENT_CHANNEL) return device
  const path = `/run/libvirt/qemu/channel/${folder.slice(0, CHANNEL_FOLDER_CHARS)}/${AGENT_CHANNEL}`
  const source = element('source', { mode: 'bind', path })
  const rest = childElements(device).filter(({ name }) => name !== 'source' && name !== 'target')
  return { ...device, children: [source, withAttribute(target, 'state', 'disconnected'), ...rest] }
}

function insertBefore(tree: XmlTree, added: XmlTree, names: readonly string[]): XmlTree {
  const at = tree.children.findIndex((part) => typeof part !== 'string' && names.includes(part.name))
  const children = [...tree.children]
  children.splice(at < 0 ? children.length : at, 0, added)
  return { ...tree, children }
}

/** The parts of a definition as they look while the domain runs: aliases, tap devices, labels. */
export function liveSections(config: DomainDefinition, id: number): Map<string, readonly XmlTree[]> {
  const sections = new Map(config.sections)
  const devices = config.sections.get('devices')?.[0]
  if (devices !== undefined) {
    const counts = new Map<string, number>()
    const live = childElements(devices).map((device) => {
      const index = counts.get(device.name) ?? 0
      counts.set(device.name, index + 1)
      return liveDevice(device, index, id, config.name)
    })
    sections.set('devices', [{ ...devices, children: live }])
  }
  const cpu = config.sections.get('cpu')?.[0]
  if (cpu !== undefined) sections.set('cpu', [liveCpu(cpu, config)])
  if (!sections.has('seclabel')) {
    sections.set('seclabel', [
      element(
        'seclabel',
        { type: 'dynamic', model: 'dac', relabel: 'yes' },
        element('label', {}, '+0:+0'),
        element('imagelabel', {}, '+0:+0'),
      ),
    ])
  }
  return sections
}

/** The live XML says whether the guest agent is connected. */
export function withAgentState(definition: DomainDefinition, connected: boolean): DomainDefinition {
  const devices = definition.sections.get('devices')?.[0]
  if (devices === undefined) return definition
  const children = childElements(devices).map((device) =>
    device.name === 'channel'
      ? {
          ...device,
          children: device.children.map((part) =>
            typeof part !== 'string' &&
            attribute(part, 'name') === AGENT_CHANNEL &&
            attribute(part, 'state') !== undefined
              ? withAttribute(part, 'state', connected ? 'connected' : 'disconnected')
              : part,
          ),
        }
      : device,
  )
  return { ...definition, sections: new Map(definition.sections).set('devices', [{ ...devices, children }]) }
}
