import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { VM_UUID } from './snapshot.ts'

/** An operation in one state, with the vCPUs it moves. */
export function operation(
  state: Operation['state'],
  kind: Operation['kind'],
  vcpus: Readonly<Record<number, Operation['vcpus'][number]['state']>>,
  change: Partial<Operation> = {},
): Operation {
  const at = '2026-01-02T03:04:05.000Z'
  return {
    id: '11111111-1111-4111-8111-111111111111',
    vm: VM_UUID,
    vmName: 'db-01',
    host: 'lab',
    hostName: 'lab',
    requestedBy: { kind: 'user', name: 'ann' },
    kind,
    from: { sockets: 4, vcpus: 4 },
    to: { sockets: 2, vcpus: 2 },
    mode: 'live',
    policy: { ...DEFAULT_POLICIES.interactive, preset: 'interactive' },
    state,
    vcpus: Object.entries(vcpus).map(([id, vcpu]) => ({
      id: Number(id),
      state: vcpu,
      since: at,
      attempts: 1,
    })),
    attempts: 1,
    overdue: false,
    createdAt: at,
    sentence: '',
    timeline: [],
    ...change,
  }
}
