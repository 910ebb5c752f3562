import type { VcpuState } from '@coreshift/shared'

export const vcpus = {
  states: {
    present: 'present',
    adding: 'adding',
    'guest-offline': 'guest offline',
    'pending-removal': 'pending removal',
    removed: 'removed',
    refused: 'refused',
    stuck: 'stuck',
    absent: 'empty',
  } satisfies Record<VcpuState, string>,
  explained: {
    present: 'The hypervisor counts it and nothing is under way.',
    adding: 'Asked for; the hypervisor does not count it yet.',
    'guest-offline': 'The hypervisor gives it, the guest does not use it.',
    'pending-removal':
      'The guest was asked to let go. It is still there until the hypervisor says otherwise.',
    removed: 'Gone: the hypervisor was read again and no longer counts it.',
    refused: 'The guest said no.',
    stuck: 'The guest was asked more than once and has not answered.',
    absent: 'An empty slot below the maximum.',
  } satisfies Record<VcpuState, string>,
  cell: (id: number, state: string) => `vCPU ${id}, ${state}`,
  one: (id: number) => `vCPU ${id}`,
  range: (ids: string) => `vCPU ${ids}`,
  fixed: 'fixed: cannot be removed while the machine runs',
  fixedShort: 'fixed',
  pinned: (cpus: string) => `pinned to host CPU ${cpus}`,
  pinnedShort: 'pinned',
  count: (n: number) => (n === 1 ? '1 vCPU' : `${n} vCPUs`),
}

export const sockets = {
  count: (n: number | string) => (n === 1 ? '1 socket' : `${n} sockets`),
}
