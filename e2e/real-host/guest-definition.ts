import { uuidOf } from './layout.ts'

/** What a guest's first process does with CPUs; `guest-init.sh` carries it out. */
export type GuestBehaviour = 'normal' | 'leave-offline' | 'refuse' | 'burn'

/** A guest in the terms of the tests; {@link guestXml} turns it into libvirt's. */
export interface GuestSpec {
  readonly name: string
  /** `x86`: q35, qemu64, Debian 12's kernel; `ppc`: pseries, POWER9, Debian 13's kernel. */
  readonly kind: 'x86' | 'ppc'
  /** Default: `normal`. */
  readonly behaviour?: GuestBehaviour
  /** vCPUs at boot. */
  readonly vcpus: number
  /**
   * The most the guest may have; default 32. Under software emulation it is also the most vCPU threads that
   * QEMU creates in the guest's life: one plug more aborts QEMU.
   */
  readonly maxVcpus?: number
  /** Threads of a core; default 1 on x86, 2 on ppc. */
  readonly threads?: number
  /** Cores of a socket; default 1. */
  readonly cores?: number
  /** Default: 192 on x86, 256 with the agent, 512 on ppc. */
  readonly memoryMib?: number
  /** x86 only: switches a PCI device's memory decoding now and then, so that unplug completes. Default: true. */
  readonly completesUnplug?: boolean
  /** x86 only: runs the real guest agent on `org.qemu.guest_agent.0`. Default: false. */
  readonly agent?: boolean
  /** All boot vCPUs but those of the first socket can be unplugged live. Default: false, as libvirt's own is. */
  readonly removableBootVcpus?: boolean
}

const MAX_VCPUS_DEFAULT = 32
const OS_ID = { x86: 'http://debian.org/debian/12', ppc: 'http://debian.org/debian/13' } as const

/** The libvirt definition of a guest of the kit's own host: its boot files lie in `/guests` there. */
export function guestXml(spec: GuestSpec): string {
  const max = spec.maxVcpus ?? MAX_VCPUS_DEFAULT
  const cores = spec.cores ?? 1
  const threads = spec.threads ?? (spec.kind === 'ppc' ? 2 : 1)
  const sockets = max / (cores * threads)
  if (!Number.isInteger(sockets)) {
    throw new Error(`${spec.name}: ${max} vCPUs are no whole number of sockets of ${cores} x ${threads}`)
  }
  const memory = spec.memoryMib ?? (spec.kind === 'ppc' ? 512 : spec.agent === true ? 256 : 192)
  return `<domain type='qemu'>
  <name>${spec.name}</name>
  <uuid>${uuidOf(`coreshift real host guest ${spec.name}`)}</uuid>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/domain/1.0'>
      <libosinfo:os id='${OS_ID[spec.kind]}'/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='MiB'>${memory}</memory>
  <vcpu placement='static' current='${spec.vcpus}'>${max}</vcpu>
${vcpuList(spec, max, cores * threads)}  <os>
    ${spec.kind === 'ppc' ? "<type arch='ppc64le' machine='pseries'>hvm</type>" : "<type arch='x86_64' machine='q35'>hvm</type>"}
    <kernel>/guests/${spec.kind}.kernel</kernel>
    <initrd>/guests/${spec.agent === true ? 'agent' : spec.kind}.initrd</initrd>
    <cmdline>${commandLine(spec)}</cmdline>
  </os>
${spec.kind === 'x86' ? '  <features><acpi/><apic/></features>\n' : ''}  <cpu mode='custom' match='exact' check='none'>
    <model fallback='allow'>${cpuModel(spec)}</model>
    <topology sockets='${sockets}' cores='${cores}' threads='${threads}'/>
  </cpu>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/${spec.kind === 'ppc' ? 'qemu-system-ppc64' : 'qemu-system-x86_64'}</emulator>
    <controller type='usb' model='none'/>
    <serial type='file'><source path='/consoles/${spec.name}.log' append='off'/></serial>
    ${spec.agent === true ? "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" : ''}
    <memballoon model='none'/>
  </devices>
</domain>
`
}

function cpuModel(spec: GuestSpec): string {
  if (spec.kind === 'ppc') return 'POWER9'
  // Linux lets CPU 0 go offline on Intel's processors only, and qemu64 names itself AMD's.
  return spec.behaviour === 'refuse' ? 'Nehalem' : 'qemu64'
}

function commandLine(spec: GuestSpec): string {
  const behaviour = spec.behaviour ?? 'normal'
  const words = [
    spec.kind === 'ppc' ? 'console=hvc0' : 'console=ttyS0',
    'quiet',
    'loglevel=3',
    'panic=-1',
    'cryptomgr.notests',
    'rdinit=/init',
    `real_host.name=${spec.name}`,
    `real_host.behaviour=${behaviour}`,
  ]
  if (spec.kind === 'x86') {
    // Software emulation gives nothing to attack, and every mitigation costs boot time.
    words.push('mitigations=off', 'nokaslr')
    // Without it Linux before 6.5 never lets CPU 0 go offline, and one CPU is always left to run on.
    if (behaviour === 'refuse') words.push('cpu0_hotplug')
    if (spec.completesUnplug ?? true) words.push('real_host.pci=switch')
  }
  return words.join(' ')
}

function vcpuList(spec: GuestSpec, max: number, perSocket: number): string {
  if (spec.removableBootVcpus !== true) return ''
  const lines = Array.from({ length: max }, (_, id) => {
    const enabled = id < spec.vcpus ? 'yes' : 'no'
    return `    <vcpu id='${id}' enabled='${enabled}' hotpluggable='${id < perSocket ? 'no' : 'yes'}'/>\n`
  })
  return `  <vcpus>\n${lines.join('')}  </vcpus>\n`
}
