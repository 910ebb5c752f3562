import { WatchRefused } from '../src/live/watch-refused.ts'
import { withDemoGuest } from './demo-guest.ts'
import { NOW, VIEWER, ago, operationWith, vmWith } from './fixtures.ts'
import { preparePlanFor } from './prepare-fixture.ts'
import { problemBody, type Stories } from './story.ts'
import { answering, at, vmStory } from './vm-server.ts'

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

const pendingStory = vmStory(
  pendingVm,
  operationWith(pendingVm, [
    [4, 'pending-removal', 12],
    [5, 'pending-removal', 12],
    [6, 'removed', 11.69],
    [7, 'removed', 11.69],
  ]),
)
const vm = vmStory(runningVm)
const oneSocket = vmStory(
  vmWith({
    name: 'one-socket',
    topology: { sockets: 1, dies: 1, clusters: 1, cores: 4096, threads: 1 },
    present: 4096,
    fixed: 64,
    states: { 100: 'guest-offline', 101: 'guest-offline' },
  }),
)
const bigMaximum = vmStory(
  vmWith({
    name: 'room-to-grow',
    topology: { sockets: 120, dies: 1, clusters: 1, cores: 1, threads: 2 },
    present: 6,
  }),
)
const doubted = vmStory(
  vmWith(
    { present: 7 },
    {
      guestOs: {
        ...runningVm.guestOs,
        source: 'override',
        disagreement:
          'An administrator set Red Hat Enterprise Linux 9, the guest agent says Debian GNU/Linux 12.',
      },
      unplugAllowed: false,
      description: '',
      persistent: true,
    },
  ),
)

/** A guest that is busy with what it has left. */
const shortAfterRemoval = [
  vmWith({ present: 4, fixed: 2 }, { loadPercent: 97 }),
  operationWith(
    runningVm,
    [
      [4, 'removed', 300],
      [5, 'removed', 300],
      [6, 'removed', 300],
      [7, 'removed', 300],
    ],
    {
      state: 'converged',
      finishedAt: ago(300),
      sentence: 'Resized to 2 sockets in 0.7 s.',
      from: { sockets: 4, vcpus: 8 },
      to: { sockets: 2, vcpus: 4 },
    },
  ),
] as const

export const VM_STORIES: Stories = {
  vm,
  'vm-preview': at(vm, 'sockets=2'),
  'vm-preview-refused': at(vm, 'sockets=14'),
  'vm-preview-waiting': answering(at(vm, 'sockets=2'), (_, path) =>
    path.endsWith('/resizes?dryRun=1') ? { never: true } : undefined,
  ),
  'vm-options-failed': answering(vm, (_, path) =>
    path.endsWith('/sockets-options') ? { unreachable: true } : undefined,
  ),
  'vm-table': at(vm, 'view=table'),
  'vm-guest-view': at(vm, 'view=guest'),
  'vm-guest-view-no-agent': answering(at(vm, 'view=guest'), (_, path) =>
    path.endsWith('/topology')
      ? {
          json: {
            hypervisor: { topology: runningVm.topology, vcpus: runningVm.vcpus },
            guestProblem: 'The guest agent did not answer within 5 s.',
          },
        }
      : undefined,
  ),
  'vm-forecast': at(vm, 'view=forecast'),
  'vm-forecast-failed': answering(at(vm, 'view=forecast'), (_, path) =>
    path.endsWith('/forecast') ? { unreachable: true } : undefined,
  ),
  'vm-prepare': at(vm, 'prepare=true'),
  'vm-prepare-refused': answering(at(vm, 'prepare=true'), (_, path) =>
    path.endsWith('/prepare?dryRun=1')
      ? {
          json: {
            ...preparePlanFor(runningVm),
            allowed: false,
            changes: [],
            warnings: [],
            xml: [],
            undo: false,
            reasons: [{ code: 'not-persistent', message: 'The VM is not stored on its host.' }],
          },
        }
      : undefined,
  ),
  'vm-prepare-waiting': answering(at(vm, 'prepare=true'), (_, path) =>
    path.endsWith('/prepare?dryRun=1') ? { never: true } : undefined,
  ),
  'vm-connection-lost': {
    ...vm,
    connection: { state: 'lost', since: NOW - 14_000, cause: 'transport close' },
  },
  'vm-big-maximum': bigMaximum,
  'vm-doubted': doubted,
  'vm-change-of-mind': at(pendingStory, 'sockets=4'),
  'vm-strict': vmStory(
    pendingVm,
    operationWith(pendingVm, [[4, 'pending-removal', 12]], {
      policy: {
        preset: 'strict',
        deadlineMs: 30_000,
        attempts: 1,
        backoffFactor: 1,
        maxDeadlineMs: 30_000,
        retryRefused: false,
        reconcileMs: 60_000,
        ending: 'put-back',
      },
    }),
  ),
  'vm-after-resize': vmStory(
    runningVm,
    operationWith(runningVm, [], {
      state: 'converged',
      finishedAt: ago(30),
      sentence: 'Resized to 4 sockets in 0.7 s.',
      kind: 'plug',
    }),
  ),
  'vm-short-after-removal': vmStory(...shortAfterRemoval),
  'vm-short-after-removal-viewer': vmStory(...shortAfterRemoval, { session: VIEWER }),
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
  'vm-pending': pendingStory,
  'vm-stuck': vmStory(
    stuckVm,
    operationWith(
      stuckVm,
      [
        [4, 'stuck', 130, 3],
        [5, 'refused', 120, 1, 'refused by the guest'],
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
          'No answer to 3 requests for vCPU 4; 2 of 4 removed; the guest refused vCPU 5. The guest may still let go; Coreshift keeps watching and will correct this record.',
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
  'vm-refused': {
    path: `/vms/${runningVm.uuid}`,
    liveAnswer: new WatchRefused({
      ok: false,
      topic: 'vm',
      code: 'internal-error',
      message: 'The server could not read its store.',
    }),
  },
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
  'vm-one-socket': oneSocket,
  'vm-one-socket-table': at(oneSocket, 'view=table'),
  'vm-very-many': vmStory(
    vmWith({
      name: 'giant',
      topology: { sockets: 64, dies: 1, clusters: 1, cores: 32, threads: 2 },
      present: 3072,
      fixed: 64,
    }),
  ),
}
