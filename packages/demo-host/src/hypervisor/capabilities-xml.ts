import { ErrorDomain } from '@coreshift/libvirt'
import { machineMaximum } from '../definition/fill-defaults.ts'
import { uuidFor } from '../random.ts'
import { printLibvirtXml } from '../xml/print-xml.ts'
import { element, type XmlTree } from '../xml/xml-tree.ts'
import type { DemoHost } from './demo-host.ts'
import { invalid } from './libvirt-fault.ts'

interface GuestArch {
  readonly name: string
  readonly wordSize: number
  readonly emulator: string
  readonly machines: readonly (readonly [canonical: string, alias: string])[]
}

function guestArchs(host: DemoHost): GuestArch[] {
  const suffix = host.features.machineSuffix
  const all: GuestArch[] = [
    {
      name: 'x86_64',
      wordSize: 64,
      emulator: '/usr/bin/qemu-system-x86_64',
      machines: [
        [`pc-i440fx-${suffix}`, 'pc'],
        [`pc-q35-${suffix}`, 'q35'],
      ],
    },
    {
      name: 'ppc64le',
      wordSize: 64,
      emulator: '/usr/bin/qemu-system-ppc64',
      machines: [[`pseries-${suffix}`, 'pseries']],
    },
    {
      name: 's390x',
      wordSize: 64,
      emulator: '/usr/bin/qemu-system-s390x',
      machines: [[`s390-ccw-virtio-${suffix}`, 's390-ccw-virtio']],
    },
    {
      name: 'aarch64',
      wordSize: 64,
      emulator: '/usr/bin/qemu-system-aarch64',
      machines: [[`virt-${suffix}`, 'virt']],
    },
  ]
  const { arch } = host.hardware
  return arch === 'x86_64' ? all : all.filter(({ name }) => name === arch)
}

/** Capabilities of the host as XML (virConnectGetCapabilities). */
export function capabilitiesXml(host: DemoHost): string {
  const parts = [hostTree(host), ...guestArchs(host).map((arch) => guestTree(host, arch))]
  // libvirt sets these parts apart by empty lines.
  return `<capabilities>\n\n${parts.map((part) => `${printLibvirtXml(part, 1)}\n`).join('')}</capabilities>\n`
}

function hostTree(host: DemoHost): XmlTree {
  const { hardware } = host
  return element(
    'host',
    {},
    element('uuid', {}, uuidFor(`host/${host.name}`)),
    element(
      'cpu',
      {},
      element('arch', {}, hardware.arch),
      element('model', {}, hardware.arch === 'x86_64' ? 'EPYC-Rome' : 'host'),
      element('vendor', {}, hardware.arch === 'x86_64' ? 'AMD' : 'generic'),
      element('topology', {
        sockets: hardware.socketsPerNode,
        dies: 1,
        ...(host.features.knows('10.1.0') ? { clusters: 1 } : {}),
        cores: hardware.coresPerSocket,
        threads: hardware.threadsPerCore,
      }),
    ),
    element('power_management', {}),
    element('iommu', { support: 'no' }),
    element(
      'migration_features',
      {},
      element('live'),
      element(
        'uri_transports',
        {},
        element('uri_transport', {}, 'tcp'),
        element('uri_transport', {}, 'rdma'),
      ),
    ),
    topologyTree(host),
    element('secmodel', {}, element('model', {}, 'none'), element('doi', {}, '0')),
  )
}

function topologyTree(host: DemoHost): XmlTree {
  const { nodes, memoryKib, threadsPerCore, coresPerSocket } = host.hardware
  const perNode = host.cpus / nodes
  const cells = Array.from({ length: nodes }, (_, node) => {
    const cpus = Array.from({ length: perNode }, (_unused, i) => {
      const id = node * perNode + i
      const core = Math.floor(id / threadsPerCore)
      const first = core * threadsPerCore
      return element('cpu', {
        id,
        socket_id: Math.floor(core / coresPerSocket),
        die_id: 0,
        ...(host.features.knows('10.1.0') ? { cluster_id: 0 } : {}),
        core_id: core,
        siblings: threadsPerCore === 1 ? String(id) : `${first}-${first + threadsPerCore - 1}`,
      })
    })
    return element(
      'cell',
      { id: node },
      element('memory', { unit: 'KiB' }, String(Math.floor(memoryKib / nodes))),
      element('cpus', { num: perNode }, ...cpus),
    )
  })
  return element('topology', {}, element('cells', { num: nodes }, ...cells))
}

function guestTree(host: DemoHost, arch: GuestArch): XmlTree {
  const machines = arch.machines.flatMap(([canonical, alias]) => {
    const maxCpus = machineMaximum(canonical)
    return [element('machine', { maxCpus }, canonical), element('machine', { canonical, maxCpus }, alias)]
  })
  const kvm = host.hardware.kvm && arch.name === host.hardware.arch
  return element(
    'guest',
    {},
    element('os_type', {}, 'hvm'),
    element(
      'arch',
      { name: arch.name },
      element('wordsize', {}, String(arch.wordSize)),
      element('emulator', {}, arch.emulator),
      ...machines,
      element('domain', { type: 'qemu' }),
      kvm ? element('domain', { type: 'kvm' }) : undefined,
    ),
    element('features', {}, element('acpi', { default: 'on', toggle: 'yes' }), element('cpuselection')),
  )
}

/** What a caller of domain capabilities asks for; `null` = the default. */
interface DomainCapabilitiesQuery {
  readonly emulator: string | null
  readonly arch: string | null
  readonly machine: string | null
  readonly virtType: string | null
}

/** What one machine type can do (virConnectGetDomainCapabilities). Throws LibvirtFault 8. */
export function domainCapabilitiesXml(host: DemoHost, query: DomainCapabilitiesQuery): string {
  const archs = guestArchs(host)
  const arch = archs.find(({ name, emulator }) =>
    query.arch === null ? query.emulator === null || emulator === query.emulator : name === query.arch,
  )
  if (arch === undefined) {
    throw invalid(
      `unable to find any emulator to serve '${query.arch ?? query.emulator ?? ''}' architecture`,
      ErrorDomain.QEMU,
    )
  }
  const wanted = query.machine
  const machine =
    wanted === null
      ? arch.machines[0]?.[0]
      : (arch.machines.find(([canonical, alias]) => wanted === canonical || wanted === alias)?.[0] ??
        undefined)
  if (machine === undefined) {
    throw invalid(`the machine '${wanted ?? ''}' is not supported by emulator '${arch.emulator}'`)
  }
  const kvm = host.hardware.kvm && arch.name === host.hardware.arch
  const domain = query.virtType ?? (kvm ? 'kvm' : 'qemu')
  if (domain !== 'qemu' && !(domain === 'kvm' && kvm)) {
    throw invalid(`KVM is not supported by '${arch.emulator}' on this host`)
  }
  return printLibvirtXml(
    element(
      'domainCapabilities',
      {},
      element('path', {}, arch.emulator),
      element('domain', {}, domain),
      element('machine', {}, machine),
      element('arch', {}, arch.name),
      element('vcpu', { max: machineMaximum(machine) }),
      element('iothreads', { supported: 'yes' }),
      element('os', { supported: 'yes' }, element('loader', { supported: 'yes' })),
      element('cpu', {}, element('mode', { name: 'host-passthrough', supported: kvm ? 'yes' : 'no' })),
    ),
  )
}
