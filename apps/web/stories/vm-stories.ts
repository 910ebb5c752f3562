import type { Operation, Vm } from '@coreshift/shared/contract'
import { WatchRefused } from '../src/live/watch-refused.ts'
import { withDemoGuest } from './demo-guest.ts'
import { VIEWER, ago, historyOf, operationWith, optionsFor, planFor, vmWith } from './fixtures.ts'
import { SETTINGS } from './settings-stories.ts'
import { problemBody, type Stories, type Story } from './story.ts'

function vmStory(vm: Vm, operation?: Operation, over: Partial<Story> = {}): Story {
  return {
    path: `/vms/${vm.uuid}`,
    live: { [`vm:${vm.uuid}`]: { vm, ...(operation ? { operation } : {}), history: historyOf() } },
    server: (method, path, body) => {
      if (path.endsWith('/sockets-options')) return { json: optionsFor(vm) }
      if (path.endsWith('/resizes?dryRun=1')) {
        const sockets = (body as { sockets?: number }).sockets ?? 3
        return { json: planFor(vm, sockets) }
      }
      if (path.endsWith('/topology')) {
        return {
          json: {
            hypervisor: { topology: vm.topology, vcpus: vm.vcpus },
            guest: { source: 'agent', vcpus: '0-7', online: '0-5', offlinable: '1-7', readAt: ago(2) },
          },
        }
      }
      if (path === '/settings') return { json: SETTINGS }
      if (method === 'POST') return problemBody(409, 'conflict', 'The story does not resize.')
      return undefined
    },
    ...over,
  }
}

export const runningVm = vmWith({})
const pendingVm = vmWith(
  { states: { 4: 'pending-removal', 5: 'pending-removal', 6: 'removed', 7: 'removed' } },
  { wanted: 4, pendingVcpus: 2, operation: '00000000-0000-4000-8000-000000000900' },
)
export const stuckVm = vmWith(
  { states: { 4: 'stuck', 5: 'refused', 6: 'removed', 7: 'removed' }, pinned: { 2: '0-3', 3: '0-3' } },
  { wanted: 4, stuckVcpus: 1, refusedVcpus: 1, operation: '00000000-0000-4000-8000-000000000900' },
)
const addingVm = vmWith(
  { present: 8, states: { 8: 'adding', 9: 'adding', 10: 'adding', 11: 'adding' } },
  { wanted: 12, operation: 'x' },
)
const offlineVm = vmWith(
  { states: { 6: 'guest-offline', 7: 'guest-offline' } },
  { guestOnline: 6, nextBootSockets: 6, nextBootVcpuCount: 12 },
)

export const VM_STORIES: Stories = {
  vm: vmStory(runningVm),
  'vm-table': vmStory(runningVm, undefined, { path: `/vms/${runningVm.uuid}?view=table` }),
  'vm-guest-view': vmStory(runningVm, undefined, { path: `/vms/${runningVm.uuid}?view=guest` }),
  'vm-after-resize': vmStory(
    runningVm,
    operationWith(runningVm, [], {
      state: 'converged',
      finishedAt: ago(30),
      sentence: 'Resized to 4 sockets in 0.7 s.',
      kind: 'plug',
    }),
  ),
  'vm-demo': withDemoGuest(vmStory(runningVm)),
  'vm-viewer': vmStory(runningVm, undefined, {
    session: VIEWER,
  }),
  'vm-untested': vmStory(
    vmWith(
      { name: 'ppc' },
      {
        arch: 'ppc64le',
        machine: 'pseries-11.1',
        domainType: 'qemu',
        vcpusPerUnit: 2,
        agent: 'none',
        guestOs: { name: 'unknown', source: 'none', plug: 'unknown', unplug: 'unknown' },
      },
    ),
  ),
  'vm-down': vmStory(vmWith({ status: 'down' })),
  'vm-stale': vmStory(vmWith({}, { stale: true }), undefined, {
    server: () => problemBody(503, 'host-offline', 'The host lab is offline since 12:01:04.', 'Host offline'),
  }),
  'vm-pending': vmStory(
    pendingVm,
    operationWith(pendingVm, [
      [4, 'pending-removal', 12],
      [5, 'pending-removal', 12],
      [6, 'removed', 11.69],
      [7, 'removed', 11.69],
    ]),
  ),
  'vm-stuck': vmStory(
    stuckVm,
    operationWith(
      stuckVm,
      [
        [4, 'stuck', 130, 3],
        [5, 'refused', 120, 1, 'The guest refused: it may be its last online CPU.'],
        [6, 'removed', 129.7],
        [7, 'removed', 129.7],
      ],
      {
        state: 'deferred',
        overdue: true,
        attempts: 3,
        acceptedAt: ago(130),
        createdAt: ago(130.4),
        deadlineAt: ago(-42),
        sentence:
          'No answer to 3 requests in 2 m 10 s. The guest may still let go; we keep watching and will correct this record.',
      },
    ),
  ),
  'vm-adding': vmStory(
    addingVm,
    operationWith(
      addingVm,
      [8, 9, 10, 11].map((id) => [id, 'adding', 3] as const),
      {
        kind: 'plug',
        from: { sockets: 4, vcpus: 8 },
        to: { sockets: 6, vcpus: 12 },
        state: 'submitting',
        sentence: 'Adding vCPU 8-11.',
      },
    ),
  ),
  'vm-guest-offline': vmStory(offlineVm),
  'vm-loading': { path: `/vms/${runningVm.uuid}` },
  'vm-gone': {
    path: `/vms/${runningVm.uuid}`,
    liveAnswer: new WatchRefused({ ok: false, topic: 'vm', code: 'not-found', message: 'No such VM.' }),
  },
  'vm-numa': vmStory(
    vmWith({
      name: 'hpc-07',
      topology: { sockets: 4, dies: 1, clusters: 1, cores: 8, threads: 2 },
      present: 48,
      fixed: 16,
      cells: 4,
      pinned: { 17: '4-7', 18: '4-7' },
    }),
  ),
  'vm-very-many': vmStory(
    vmWith({
      name: 'giant',
      topology: { sockets: 64, dies: 1, clusters: 1, cores: 32, threads: 2 },
      present: 3072,
      fixed: 64,
    }),
  ),
}
