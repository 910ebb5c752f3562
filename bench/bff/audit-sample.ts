import type { AuditDraft } from '../../apps/bff/src/audit/audit-log.ts'
import { createAuditIndex } from '../../apps/bff/src/store/audit-index.ts'
import { createAuditRepository } from '../../apps/bff/src/store/audit-repository.ts'
import type { Database } from '../../apps/bff/src/store/database.ts'

const APPEND_CHUNK = 1_000
const VMS = 1_000
const ENTRIES_PER_OPERATION = 8

const ACTIONS = [
  'resize.requested',
  'resize.submitted',
  'resize.accepted',
  'resize.vcpu-removed',
  'resize.finished',
  'vm.changed-outside',
  'session.signed-in',
  'settings.changed',
] as const
const OUTCOMES = ['started', 'done', 'info', 'info', 'done', 'failed', 'refused', 'partial'] as const
const pad = (value: number): string => String(value).padStart(12, '0')

export const vmUuid = (index: number): string => `6f1f7d3a-58b4-4c0f-9d4e-${pad(index % VMS)}`
export const operationId = (index: number): string =>
  `0d5b2f5e-2f6a-4f0e-8a54-${pad(Math.floor(index / ENTRIES_PER_OPERATION))}`

/** Entry number `index` of a year of work: three accounts, a thousand VMs, eight entries a resize. */
function sampleDraft(index: number, count: number): AuditDraft {
  const yearMs = 365 * 86_400_000
  const person = index % 10 < 6 ? 'alice' : index % 10 < 9 ? 'bob' : 'carol'
  const sockets = (index % 15) + 1
  return {
    at: new Date(Date.UTC(2026, 0, 1) + Math.floor((index / count) * yearMs)).toISOString(),
    actor: { kind: 'user', name: person, address: '192.0.2.7' },
    // Carol never fails: a pair of filters that are both common and have nothing in common.
    action: ACTIONS[index % ACTIONS.length] ?? 'x',
    outcome: (index % 10 === 9 ? 'done' : OUTCOMES[(index >> 3) % OUTCOMES.length]) ?? 'done',
    vm: vmUuid(index),
    vmName: `web-${index % VMS}`,
    host: 'a4f3c6de-0b5a-4b0e-9e53-1c0000000001',
    operation: operationId(index),
    message: `${person} asked for ${sockets} sockets of web-${index % VMS}; the guest let go of ${index % 7} vCPUs.`,
    durationMs: (index % 900) + 0.5,
    detail: { from: { sockets, vcpus: sockets }, to: { sockets: 1, vcpus: 1 }, plan: ['resize'] },
    requestId: `5b1e0c8a-1c5e-4c7d-8a54-${pad(index)}`,
  }
}

/** Appends `count` entries and indexes them, telling how it goes on standard error. */
export async function fillAudit(database: Database, count: number): Promise<void> {
  const audit = createAuditRepository(database)
  for (let at = 0; at < count; at += APPEND_CHUNK) {
    await audit.append(
      Array.from({ length: Math.min(APPEND_CHUNK, count - at) }, (_, index) =>
        sampleDraft(at + index, count),
      ),
    )
  }
  const index = createAuditIndex(database)
  while (await index.indexNextBlock());
}
