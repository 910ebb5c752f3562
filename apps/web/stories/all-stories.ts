import { WatchRefused } from '../src/live/watch-refused.ts'
import {
  HOSTS,
  NOW,
  SESSION,
  ago,
  entry,
  fleetOf,
  historyOf,
  operationWith,
  optionsFor,
  planFor,
  vmWith,
} from './fixtures.ts'
import { DEFAULT_POLICIES } from '@coreshift/shared'
import { withDemoGuest } from './demo-guest.ts'
import { GUEST_OS } from './guest-os-fixture.ts'
import { problemBody, type Story } from './story.ts'
import type { Operation, Vm } from '@coreshift/shared/contract'

const SETTINGS = {
  unplugEnabled: true,
  unplugDisabledHosts: [],
  unplugDisabledVms: [],
  pinnedRemovalAllowed: false,
  hostCpuLimit: 'enforce',
  policies: DEFAULT_POLICIES,
  defaultPolicy: 'interactive',
}

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

const running = vmWith({})
const pendingVm = vmWith(
  { states: { 4: 'pending-removal', 5: 'pending-removal', 6: 'removed', 7: 'removed' } },
  { wanted: 4, pendingVcpus: 2, operation: '00000000-0000-4000-8000-000000000900' },
)
const stuckVm = vmWith(
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
const refusal = problemBody(
  403,
  'not-permitted',
  'Only administrators and operators may read the audit log.',
  'Not permitted',
)

const AUDIT = [
  ...historyOf(),
  entry(100_000, 'signed in', { action: 'session.started', vmName: undefined as never }),
].toReversed()

function auditList(items = AUDIT) {
  return (_: string, path: string) =>
    path.startsWith('/audit/verify')
      ? { json: { ok: true, verifiedUpTo: 18_204 } }
      : path.startsWith('/audit')
        ? { json: { items: [...items].sort((a, b) => (a.at < b.at ? 1 : -1)) } }
        : undefined
}

const OPEN: Operation[] = [
  operationWith(
    stuckVm,
    [
      [4, 'stuck', 130, 3],
      [5, 'stuck', 130, 3],
    ],
    { state: 'deferred', overdue: true, attempts: 3, createdAt: ago(130.4), deadlineAt: ago(-42) },
  ),
  operationWith(
    running,
    [
      [6, 'pending-removal', 12],
      [7, 'pending-removal', 12],
    ],
    {
      id: '00000000-0000-4000-8000-000000000901',
      vmName: 'web-03',
      from: { sockets: 4, vcpus: 8 },
      to: { sockets: 3, vcpus: 6 },
    },
  ),
]

const RECORDED: Operation = {
  ...operationWith(running, [
    [4, 'pending-removal', 12, 2],
    [5, 'pending-removal', 12, 2],
    [6, 'removed', 11.69],
    [7, 'removed', 11.69],
  ]),
  timeline: [
    { at: ago(12.4), what: 'requested', text: 'ann asked for 2 sockets, now and after a restart.' },
    { at: ago(12.38), what: 'submitted', text: 'libvirt was asked to remove vCPU 4-7.', vcpus: [4, 5, 6, 7] },
    { at: ago(12), what: 'accepted', text: 'libvirt accepted the removal; the guest has to let go.' },
    {
      at: ago(11.69),
      what: 'vcpu-removed',
      text: 'vCPU 7 is gone: read again and no longer there.',
      vcpus: [7],
    },
    {
      at: ago(11.688),
      what: 'vcpu-removed',
      text: 'vCPU 6 is gone: read again and no longer there.',
      vcpus: [6],
    },
    {
      at: ago(5),
      what: 'deadline',
      text: 'No answer for vCPU 4-5: read again, still there, asked again.',
      vcpus: [4, 5],
      detail:
        'operation failed: vcpu unplug request timed out. Unplug result must be manually inspected in the domain',
    },
  ],
}

function accountsServer(_: string, path: string) {
  if (path === '/users') {
    return {
      json: {
        items: [
          { id: 'u1', name: 'ann', role: 'admin', createdAt: ago(900_000), disabled: false },
          { id: 'u2', name: 'vic', role: 'viewer', createdAt: ago(800_000), disabled: false },
          { id: 'u3', name: 'old-colleague', role: 'operator', createdAt: ago(9_000_000), disabled: true },
        ],
      },
    }
  }
  return {
    json: {
      items: [
        { id: 't1', name: 'nightly-report', role: 'viewer', createdAt: ago(90_000), lastUsedAt: ago(60) },
      ],
    },
  }
}

/** Every state of every screen by name; also the fixtures of the component tests. */
export const STORIES: Readonly<Record<string, Story>> = {
  'sign-in': { path: '/sign-in', session: { firstRun: false, demo: false, version: '0.1.0' } },
  'sign-in-ended': {
    path: '/sign-in?ended=true',
    session: { firstRun: false, demo: false, version: '0.1.0' },
  },
  'sign-in-no-account': { path: '/sign-in', session: { firstRun: true, demo: false, version: '0.1.0' } },
  'first-run': { path: '/first-run?token=abc', session: { firstRun: true, demo: false, version: '0.1.0' } },
  fleet: { path: '/', live: { fleet: { vms: fleetOf(40) } } },
  'fleet-loading': { path: '/', live: {} },
  'fleet-empty': { path: '/', live: { fleet: { vms: [] } } },
  'fleet-nothing-matches': { path: '/?q=nothing-like-this', live: { fleet: { vms: fleetOf(40) } } },
  'fleet-attention': { path: '/?sort=attention', live: { fleet: { vms: fleetOf(200) } } },
  'fleet-very-many': { path: '/', live: { fleet: { vms: fleetOf(10_000) } } },
  'fleet-refused': {
    path: '/',
    liveAnswer: new WatchRefused({
      ok: false,
      topic: 'fleet',
      code: 'internal-error',
      message: 'The server could not read its store.',
    }),
  },
  'fleet-connection-lost': {
    path: '/',
    live: { fleet: { vms: fleetOf(40) } },
    connection: { state: 'lost', since: NOW - 14_000, cause: 'transport close' },
  },
  vm: vmStory(running),
  'vm-table': vmStory(running, undefined, { path: `/vms/${running.uuid}?view=table` }),
  'vm-guest-view': vmStory(running, undefined, { path: `/vms/${running.uuid}?view=guest` }),
  'vm-after-resize': vmStory(
    running,
    operationWith(running, [], {
      state: 'converged',
      finishedAt: ago(30),
      sentence: 'Resized to 4 sockets in 0.7 s.',
      kind: 'plug',
    }),
  ),
  'vm-demo': withDemoGuest(vmStory(running)),
  'vm-viewer': vmStory(running, undefined, {
    session: { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer' } },
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
  'vm-loading': { path: `/vms/${running.uuid}` },
  'vm-gone': {
    path: `/vms/${running.uuid}`,
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
  audit: { path: '/audit', server: auditList() },
  'audit-loading': { path: '/audit', server: () => ({ never: true }) },
  'audit-empty': { path: '/audit', server: auditList([]) },
  'audit-broken-chain': {
    path: '/audit',
    server: (method, path) =>
      path.startsWith('/audit/verify')
        ? { json: { ok: false, verifiedUpTo: 17_003, firstBroken: 17_004 } }
        : auditList()(method, path),
  },
  'audit-not-permitted': { path: '/audit', server: () => refusal },
  'audit-unreachable': { path: '/audit', server: () => ({ unreachable: true }) },
  resizes: { path: '/resizes', live: { resizes: { operations: OPEN } } },
  'resizes-empty': { path: '/resizes', live: { resizes: { operations: [] } } },
  'resizes-loading': { path: '/resizes' },
  'resizes-viewer': {
    path: '/resizes',
    live: { resizes: { operations: OPEN } },
    session: { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer' } },
  },
  'resize-timeline': {
    path: `/resizes/${RECORDED.id}`,
    live: { resizes: { operations: [RECORDED] } },
    server: () => ({ json: RECORDED }),
  },
  'resize-not-found': {
    path: '/resizes/00000000-0000-4000-8000-00000000dead',
    live: { resizes: { operations: [] } },
    server: () => problemBody(404, 'not-found', 'There is no resize with this id.', 'Not found'),
  },
  hosts: { path: '/hosts', live: { hosts: { hosts: HOSTS } } },
  'hosts-empty': { path: '/hosts', live: { hosts: { hosts: [] } } },
  'hosts-viewer': {
    path: '/hosts',
    live: { hosts: { hosts: HOSTS } },
    session: { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer' } },
  },
  settings: {
    path: '/settings',
    live: { hosts: { hosts: HOSTS } },
    server: () => ({ json: SETTINGS }),
  },
  'settings-viewer': {
    path: '/settings',
    server: () => ({ json: SETTINGS }),
    session: { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer' } },
  },
  'settings-failed': { path: '/settings', server: () => ({ unreachable: true }) },
  'guest-os': { path: '/guest-os', server: () => ({ json: GUEST_OS }) },
  'guest-os-loading': { path: '/guest-os', server: () => ({ never: true }) },
  users: { path: '/users', server: accountsServer },
  'users-not-permitted': {
    path: '/users',
    server: () => problemBody(403, 'not-permitted', 'This needs the role admin.', 'Not permitted'),
  },
  'no-such-page': { path: '/nowhere' },
}
