import type { DaemonVersion } from '../hypervisor/daemon-version.ts'
import type { HostHardware } from '../hypervisor/demo-host.ts'
import type { LoadProfile } from '../guest/guest-profile.ts'
import type { VmSpec } from './vm-spec.ts'

/** One host of a fleet. */
export interface HostSpec {
  readonly name: string
  readonly version: DaemonVersion
  readonly hardware?: Partial<HostHardware>
  /** `false`: its daemon does not answer. */
  readonly online?: boolean
  readonly vms: readonly VmSpec[]
}

const idle: LoadProfile = { base: 0.04, swing: 0.04, periodMs: 140_000 }
const steady: LoadProfile = { base: 0.35, swing: 0.12, periodMs: 110_000 }
const wavy: LoadProfile = { base: 0.5, swing: 0.45, periodMs: 70_000 }
const busy: LoadProfile = { base: 0.86, swing: 0.14, periodMs: 45_000 }

const lab: HostSpec = {
  name: 'lab',
  version: '12.8.0',
  hardware: { memoryKib: 512 * 1_048_576 },
  vms: [
    {
      name: 'web-01',
      os: 'rhel-9',
      sockets: 4,
      maxSockets: 16,
      load: steady,
      title: 'Shop front end',
      description: 'First of two web servers.',
    },
    {
      name: 'web-02',
      os: 'rhel-9',
      sockets: 4,
      maxSockets: 16,
      load: steady,
      description: 'Second of two web servers.',
    },
    {
      name: 'db-01',
      os: 'rhel-9',
      sockets: 4,
      maxSockets: 16,
      cores: 1,
      threads: 2,
      load: wavy,
      memoryGib: 32,
      title: 'Orders database',
      description: 'Two threads per core: vCPUs come and go by the socket.',
    },
    {
      name: 'db-02',
      os: 'rhel-8',
      sockets: 8,
      maxSockets: 24,
      load: wavy,
      memoryGib: 32,
      pins: { 0: '0-3', 6: '8-11', 7: '8-11' },
      description: 'vCPU 6 and 7 are pinned to host CPUs.',
    },
    {
      name: 'batch-01',
      os: 'ubuntu-24.04',
      sockets: 6,
      maxSockets: 32,
      behaviour: 'loaded',
      load: busy,
      description: 'Always busy: it lets a vCPU go only when it finds time.',
    },
    {
      name: 'batch-02',
      os: 'ubuntu-22.04',
      sockets: 8,
      maxSockets: 32,
      behaviour: 'slow',
      load: wavy,
      description: 'Takes its time for every vCPU.',
    },
    {
      name: 'build-01',
      os: 'debian-12',
      sockets: 4,
      maxSockets: 32,
      load: wavy,
      behaviour: 'leaves-added-offline',
      description: 'No rule brings added vCPUs online in this guest.',
    },
    { name: 'build-02', os: 'debian-13', sockets: 2, maxSockets: 32, load: busy },
    {
      name: 'cache-01',
      os: 'rocky-9',
      sockets: 2,
      maxSockets: 8,
      load: idle,
      behaviour: 'refuses',
      description: 'Refuses to give vCPUs back.',
    },
    {
      name: 'queue-01',
      os: 'alma-9',
      sockets: 4,
      maxSockets: 8,
      load: steady,
      behaviour: 'never-answers',
      description: 'Never answers a removal: the stuck case.',
    },
    {
      name: 'emu-01',
      os: 'debian-12',
      sockets: 4,
      maxSockets: 32,
      load: idle,
      type: 'qemu',
      behaviour: 'drops-completion',
      description: 'Software emulation holds the completion back; asking again heals it.',
    },
    {
      name: 'late-01',
      os: 'sles-15',
      sockets: 4,
      maxSockets: 16,
      load: steady,
      behaviour: 'completes-late',
      description: 'Lets go more than a minute later.',
    },
    {
      name: 'crash-01',
      os: 'fedora-42',
      sockets: 2,
      maxSockets: 8,
      load: idle,
      behaviour: 'crashes',
      description: 'Panics when a vCPU is taken.',
    },
    {
      name: 'reboot-01',
      os: 'linux-other',
      sockets: 2,
      maxSockets: 8,
      load: idle,
      behaviour: 'reboots',
      description: 'Restarts in the middle of a removal.',
    },
    {
      name: 'erp-01',
      os: 'windows-2022',
      sockets: 4,
      maxSockets: 16,
      load: steady,
      memoryGib: 16,
      description: 'Windows takes vCPUs but never gives one back.',
    },
    { name: 'erp-02', os: 'windows-2019', sockets: 4, maxSockets: 16, cores: 2, load: wavy, memoryGib: 16 },
    {
      name: 'files-01',
      os: 'windows-2012r2',
      sockets: 2,
      maxSockets: 8,
      load: idle,
      description: 'Nobody says whether this Windows gives a vCPU back.',
    },
    {
      name: 'legacy-crm',
      os: 'windows-2008-standard',
      sockets: 2,
      maxSockets: 8,
      load: idle,
      description: 'Needs a restart for every change.',
    },
    {
      name: 'desk-14',
      os: 'windows-11-pro',
      sockets: 2,
      maxSockets: 2,
      cores: 4,
      load: wavy,
      agent: 'present',
    },
    { name: 'mac-build', os: 'macos', sockets: 2, maxSockets: 4, agent: 'absent', load: idle },
    { name: 'gateway', os: 'freebsd-14', sockets: 2, maxSockets: 4, load: idle },
  ],
}

const rack: HostSpec = {
  name: 'rack-2',
  version: '12.4.0',
  hardware: { nodes: 1, coresPerSocket: 8, memoryKib: 128 * 1_048_576 },
  vms: [
    {
      name: 'app-01',
      os: 'rhel-9',
      sockets: 2,
      maxSockets: 8,
      load: steady,
      boot: 'fixed',
      description: 'Boot vCPUs are fixed: not prepared for live resize.',
    },
    {
      name: 'app-02',
      os: 'debian-12',
      sockets: 3,
      maxSockets: 24,
      load: wavy,
      nextBootVcpus: 5,
      description: 'The stored definition waits for the next start.',
    },
    {
      name: 'app-03',
      os: 'ubuntu-22.04',
      sockets: 2,
      maxSockets: 8,
      cores: 2,
      vcpus: 5,
      load: steady,
      description: '5 vCPUs are no whole number of sockets of two cores.',
    },
    {
      name: 'plain-01',
      os: 'debian-13',
      sockets: 3,
      maxSockets: 12,
      topology: false,
      load: idle,
      description: 'No topology in the definition.',
    },
    {
      name: 'mystery',
      os: 'unknown',
      sockets: 2,
      maxSockets: 8,
      agent: 'absent',
      load: idle,
      description: 'Nobody noted what runs in here.',
    },
    {
      name: 'hung-agent',
      os: 'rocky-9',
      sockets: 2,
      maxSockets: 8,
      agent: 'hanging',
      load: steady,
      description: 'The guest agent holds its channel open and does not answer.',
    },
    {
      name: 'silent',
      os: 'centos-7',
      sockets: 2,
      maxSockets: 8,
      agent: 'absent',
      load: idle,
      shutdownMs: null,
      description: 'Ignores shutdown requests.',
    },
    {
      name: 'scratch-7',
      os: 'debian-13',
      sockets: 2,
      maxSockets: 8,
      transient: true,
      load: busy,
      description: 'Transient: gone when it stops.',
    },
    { name: 'frozen', os: 'rhel-8', sockets: 2, maxSockets: 8, state: 'paused', load: idle },
    { name: 'spare-01', os: 'debian-12', sockets: 2, maxSockets: 16, state: 'off' },
    { name: 'spare-02', os: 'windows-2022', sockets: 2, maxSockets: 8, state: 'off' },
    {
      name: 'full-01',
      os: 'rhel-9',
      sockets: 8,
      maxSockets: 8,
      load: busy,
      description: 'Already at its maximum.',
    },
    {
      name: 'wide-01',
      os: 'rhel-9',
      sockets: 4,
      maxSockets: 64,
      load: steady,
      memoryGib: 24,
      description: 'May grow beyond the CPUs of its host.',
    },
  ],
}

const old: HostSpec = {
  name: 'old-barn',
  version: '9.0.0',
  hardware: { nodes: 1, coresPerSocket: 8, threadsPerCore: 1, memoryKib: 64 * 1_048_576 },
  vms: [
    {
      name: 'mail-01',
      os: 'debian-12',
      sockets: 2,
      maxSockets: 8,
      load: steady,
      description: 'libvirt 9.0: removals are confirmed by asking, not by event.',
    },
    { name: 'mail-02', os: 'rhel-7', sockets: 4, maxSockets: 8, behaviour: 'slow', load: wavy },
    { name: 'intranet', os: 'windows-2008r2-datacenter', sockets: 2, maxSockets: 4, load: idle },
    {
      name: 'payroll',
      os: 'windows-2003',
      arch: 'i686',
      type: 'qemu',
      sockets: 2,
      maxSockets: 4,
      agent: 'absent',
      load: idle,
    },
    { name: 'kiosk', os: 'windows-7-pro', sockets: 1, maxSockets: 4, agent: 'present', load: idle },
    {
      name: 'scanner',
      os: 'rhel-6.3-x86',
      arch: 'i686',
      type: 'qemu',
      sockets: 2,
      maxSockets: 4,
      agent: 'absent',
      load: idle,
    },
  ],
}

const power: HostSpec = {
  name: 'power-1',
  version: '12.8.0',
  hardware: { arch: 'ppc64le', model: 'POWER9', nodes: 2, coresPerSocket: 10, threadsPerCore: 4, mhz: 3800 },
  vms: [
    {
      name: 'sap-01',
      os: 'rhel-9-ppc64le',
      arch: 'ppc64le',
      sockets: 4,
      maxSockets: 16,
      threads: 2,
      load: wavy,
      memoryGib: 64,
      description: 'vCPUs move by the core: two threads together.',
    },
    {
      name: 'sap-02',
      os: 'debian-13-ppc64le',
      arch: 'ppc64le',
      sockets: 2,
      maxSockets: 8,
      threads: 4,
      load: steady,
      memoryGib: 32,
    },
  ],
}

const mainframe: HostSpec = {
  name: 'zed',
  version: '11.3.0',
  hardware: { arch: 's390x', model: 's390x', nodes: 1, coresPerSocket: 16, threadsPerCore: 1, mhz: 5200 },
  vms: [
    {
      name: 'ledger',
      os: 'rhel-9-s390x',
      arch: 's390x',
      sockets: 2,
      maxSockets: 8,
      load: steady,
      memoryGib: 16,
      description: 'Can grow, cannot shrink while it runs.',
    },
  ],
}

const arm: HostSpec = {
  name: 'arm-1',
  version: '12.8.0',
  hardware: { arch: 'aarch64', model: 'aarch64', nodes: 1, coresPerSocket: 32, threadsPerCore: 1, mhz: 3000 },
  vms: [
    {
      name: 'edge-01',
      os: 'debian-13-aarch64',
      arch: 'aarch64',
      sockets: 4,
      maxSockets: 8,
      boot: 'fixed',
      load: steady,
      description: 'This machine type changes its vCPUs only at the next start.',
    },
  ],
}

const attic: HostSpec = { name: 'attic', version: '11.3.0', online: false, vms: [] }

/** The fleet of the demo: every kind of guest, every reason for a refusal, and a few that misbehave. */
export const DEMO_STORY: readonly HostSpec[] = [lab, rack, old, power, mainframe, arm, attic]
