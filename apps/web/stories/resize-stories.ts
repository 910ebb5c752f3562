import type { AuditEntry, Operation } from '@coreshift/shared/contract'
import { VIEWER, ago, entry, operationWith } from './fixtures.ts'
import { problemBody, type Stories } from './story.ts'
import { runningVm, stuckVm } from './vm-stories.ts'

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
    runningVm,
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
  ...operationWith(runningVm, [
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

const ended = (secondsAgo: number, message: string, rest: Partial<AuditEntry>): AuditEntry =>
  entry(secondsAgo, message, { action: 'resize.finished', operation: RECORDED.id, ...rest })

const ENDED = [
  ended(320, 'Resized to 5 sockets in 1.2 s.', { vmName: 'web-01', outcome: 'done' }),
  ended(90_000, 'Partial: 1 of 2 removed. The guest refused vCPU 2.', {
    vmName: 'build-02',
    outcome: 'partial',
  }),
  ended(190_000, 'The guest refused vCPU 7.', { vmName: 'db-01', outcome: 'failed' }),
]

const withEnded = (items: readonly AuditEntry[]) => () => ({ json: { items } })

export const RESIZE_STORIES: Stories = {
  resizes: { path: '/resizes', live: { resizes: { operations: OPEN } }, server: withEnded(ENDED) },
  'resizes-none-open': { path: '/resizes', live: { resizes: { operations: [] } }, server: withEnded(ENDED) },
  'resizes-empty': { path: '/resizes', live: { resizes: { operations: [] } }, server: withEnded([]) },
  'resizes-ended-loading': {
    path: '/resizes',
    live: { resizes: { operations: OPEN } },
    server: () => ({ never: true }),
  },
  'resizes-ended-unreachable': {
    path: '/resizes',
    live: { resizes: { operations: OPEN } },
    server: () => ({ unreachable: true }),
  },
  'resizes-loading': { path: '/resizes' },
  'resizes-viewer': {
    path: '/resizes',
    live: { resizes: { operations: OPEN } },
    server: withEnded(ENDED),
    session: VIEWER,
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
}
