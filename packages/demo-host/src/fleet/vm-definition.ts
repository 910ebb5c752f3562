import { guestSystem } from '../guest/guest-catalog.ts'
import { hashText, uuidFor } from '../random.ts'
import { element, type XmlTree } from '../xml/xml-tree.ts'
import type { VmSpec } from './vm-spec.ts'

const LIBOSINFO = 'http://libosinfo.org/xmlns/libvirt/domain/1.0'
const AGENT = 'org.qemu.guest_agent.0'

const MACHINES: Readonly<Record<string, string>> = {
  x86_64: 'q35',
  i686: 'pc',
  ppc64le: 'pseries',
  s390x: 's390-ccw-virtio',
  aarch64: 'virt',
}

/** The document with which a VM of a fleet is defined. */
export function vmDefinition(host: string, spec: VmSpec): XmlTree {
  const arch = spec.arch ?? 'x86_64'
  const cores = spec.cores ?? 1
  const threads = spec.threads ?? 1
  const perSocket = cores * threads
  const maximum = spec.maxSockets * perSocket
  const current = spec.vcpus ?? spec.sockets * perSocket
  const { osinfo } = guestSystem(spec.os)
  const memoryGib = spec.memoryGib ?? 4
  const topology =
    spec.topology === false
      ? []
      : [element('topology', { sockets: spec.maxSockets, dies: 1, clusters: 1, cores, threads })]
  const mode = arch === 'x86_64' && (spec.type ?? 'kvm') === 'kvm' ? { mode: 'host-model' } : {}
  return element(
    'domain',
    { type: spec.type ?? 'kvm' },
    element('name', {}, spec.name),
    element('uuid', {}, uuidFor(`${host}/${spec.name}`)),
    spec.title === undefined ? undefined : element('title', {}, spec.title),
    spec.description === undefined ? undefined : element('description', {}, spec.description),
    osinfo === null ? undefined : metadata(osinfo),
    element('memory', { unit: 'GiB' }, String(memoryGib)),
    element('vcpu', { placement: 'static', current }, String(maximum)),
    spec.boot === 'fixed' ? undefined : vcpuList(maximum, current, perSocket),
    spec.pins === undefined
      ? undefined
      : element(
          'cputune',
          {},
          ...Object.entries(spec.pins).map(([vcpu, cpuset]) => element('vcpupin', { vcpu, cpuset })),
        ),
    element(
      'os',
      {},
      element('type', { arch, machine: spec.machine ?? MACHINES[arch] ?? 'q35' }, 'hvm'),
      element('boot', { dev: 'hd' }),
    ),
    arch === 'x86_64' || arch === 'i686'
      ? element('features', {}, element('acpi'), element('apic'))
      : undefined,
    topology.length === 0 && mode.mode === undefined ? undefined : element('cpu', mode, ...topology),
    element('devices', {}, ...devices(host, spec)),
  )
}

function metadata(osinfo: string): XmlTree {
  return element(
    'metadata',
    {},
    element('libosinfo:libosinfo', { 'xmlns:libosinfo': LIBOSINFO }, element('libosinfo:os', { id: osinfo })),
  )
}

/** Everything above the first socket can be removed while the VM runs. */
function vcpuList(maximum: number, current: number, perSocket: number): XmlTree {
  const children = Array.from({ length: maximum }, (_, id): XmlTree => {
    const attributes = [
      ['id', String(id)],
      ['enabled', id < current ? 'yes' : 'no'],
      ['hotpluggable', id < perSocket ? 'no' : 'yes'],
    ] as const
    return { name: 'vcpu', attributes, children: [] }
  })
  return { name: 'vcpus', attributes: [], children }
}

function devices(host: string, spec: VmSpec): XmlTree[] {
  const mac = hashText(`${host}/${spec.name}/mac`).toString(16).padStart(8, '0')
  const list = [
    element(
      'disk',
      { type: 'file', device: 'disk' },
      element('driver', { name: 'qemu', type: 'qcow2' }),
      element('source', { file: `/var/lib/libvirt/images/${spec.name}.qcow2` }),
      element('target', { dev: 'vda', bus: 'virtio' }),
    ),
    element(
      'interface',
      { type: 'bridge' },
      element('mac', { address: `52:54:00:${mac.slice(0, 2)}:${mac.slice(2, 4)}:${mac.slice(4, 6)}` }),
      element('source', { bridge: 'br0' }),
      element('model', { type: 'virtio' }),
    ),
  ]
  if ((spec.agent ?? 'present') !== 'absent') {
    list.push(
      element(
        'channel',
        { type: 'unix' },
        element('target', { type: 'virtio', name: AGENT }),
        element('address', { type: 'virtio-serial', controller: 0, bus: 0, port: 1 }),
      ),
    )
  }
  return list
}
