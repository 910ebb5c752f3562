import fc from 'fast-check'
import type { AuditEntry } from '@coreshift/shared/contract'
import { CHAIN_START, linkEntry, type ChainHead } from '../src/audit/audit-chain.ts'
import { VM_UUID, auditDraft } from './examples.ts'

/** A chain of so many entries, with and without detail, from its first one on. */
export function linkedEntries(length: number): AuditEntry[] {
  let head: ChainHead = CHAIN_START
  return Array.from({ length }, (_, index) => {
    const detail = index % 2 === 0 ? { detail: { index, nested: { list: [index, 'ü'] } } } : {}
    const entry = linkEntry(
      head,
      auditDraft({ message: `entry ${index}`, vm: VM_UUID, durationMs: index / 4, ...detail }),
    )
    head = entry
    return entry
  })
}

/** Another value for one member of an entry, its hash included; the members are those that the entries above have. */
export const anyAlteration = fc.constantFrom<(entry: AuditEntry) => AuditEntry>(
  (entry) => ({ ...entry, message: `${entry.message} ` }),
  (entry) => ({ ...entry, at: '2026-03-01T10:00:00.001Z' }),
  (entry) => ({ ...entry, actor: { ...entry.actor, name: 'mallory' } }),
  (entry) => ({ ...entry, actor: { kind: entry.actor.kind, name: entry.actor.name } }),
  (entry) => ({ ...entry, outcome: 'done' }),
  (entry) => ({ ...entry, durationMs: (entry.durationMs ?? 0) + 1 }),
  (entry) => ({ ...entry, detail: { ...entry.detail, index: -1 } }),
  (entry) => ({ ...entry, requestId: 'added' }),
  ({ vm: _vm, ...entry }) => entry,
  (entry) => ({ ...entry, hash: entry.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
)
