import type { HostSpec } from '../host-spec.ts'
import { idle, steady, wavy } from './load-profiles.ts'

export const old: HostSpec = {
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

export const power: HostSpec = {
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

export const mainframe: HostSpec = {
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

export const arm: HostSpec = {
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

export const attic: HostSpec = { name: 'attic', version: '11.3.0', online: false, vms: [] }
