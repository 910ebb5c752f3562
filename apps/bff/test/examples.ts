import { DEFAULT_POLICIES } from '@coreshift/shared'
import type { Actor } from '@coreshift/shared/contract'
import type { AuditDraft } from '../src/audit/audit-log.ts'
import type { OperationRecord } from '../src/resize/operation-record.ts'

export const VM_UUID = '6f1f7d3a-58b4-4c0f-9d4e-0c7c5be4a001'
export const OTHER_VM_UUID = '6f1f7d3a-58b4-4c0f-9d4e-0c7c5be4a002'
export const OPERATION_ID = '0d5b2f5e-2f6a-4f0e-8a54-3f8a2f1e0001'
export const AT = '2026-03-01T10:00:00.000Z'

export const ALICE: Actor = { kind: 'user', name: 'alice', address: '192.0.2.7' }

export function auditDraft(changes: Partial<AuditDraft> = {}): AuditDraft {
  return {
    at: AT,
    actor: ALICE,
    action: 'resize.requested',
    outcome: 'started',
    message: 'alice asked for 2 sockets.',
    ...changes,
  }
}

export function operationRecord(changes: Partial<OperationRecord> = {}): OperationRecord {
  return {
    id: OPERATION_ID,
    vm: VM_UUID,
    vmName: 'web-1',
    host: 'rack1',
    hostName: 'rack1',
    requestedBy: ALICE,
    kind: 'unplug',
    from: { sockets: 4, vcpus: 4 },
    to: { sockets: 2, vcpus: 2 },
    mode: 'live',
    policy: { preset: 'interactive', ...DEFAULT_POLICIES.interactive },
    state: 'pending',
    vcpus: [{ id: 3, state: 'pending-removal', since: AT, attempts: 1 }],
    attempts: 1,
    overdue: false,
    createdAt: AT,
    sentence: 'Waiting for the guest to let go of 2 vCPUs.',
    timeline: [],
    seq: 1,
    memory: {
      method: 'count',
      hostLost: false,
      awaitingAnswer: false,
      reportedFailed: [],
      writingConfig: false,
      unitSize: 1,
    },
    ...changes,
  }
}
