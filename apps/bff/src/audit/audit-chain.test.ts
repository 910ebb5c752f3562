import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { VM_UUID, auditDraft } from '../../test/examples.ts'
import { CHAIN_START, linkEntry, linkProblem, type ChainHead } from './audit-chain.ts'

const LENGTH = 30

function chain(): AuditEntry[] {
  let head: ChainHead = CHAIN_START
  return Array.from({ length: LENGTH }, (_, index) => {
    const entry = linkEntry(
      head,
      auditDraft({
        message: `entry ${index}`,
        vm: VM_UUID,
        durationMs: index,
        detail: { index, nested: { list: [index] } },
      }),
    )
    head = entry
    return entry
  })
}

/** Position of the first entry that does not fit, `undefined` when all do. */
function firstBroken(entries: readonly AuditEntry[]): number | undefined {
  let head: ChainHead = CHAIN_START
  for (const entry of entries) {
    if (linkProblem(head, entry) !== undefined) return head.id + 1
    head = entry
  }
  return undefined
}

const WHOLE = chain()
const position = fc.integer({ min: 0, max: LENGTH - 1 })
const RUNS = 10_000

describe('the chain', () => {
  it('fits as it was made', () => {
    expect(firstBroken(WHOLE)).toBeUndefined()
    expect(WHOLE.map(({ id }) => id)).toEqual(WHOLE.map((_, index) => index + 1))
  })

  it('shows every change of any member at the changed entry', () => {
    const change = fc.constantFrom<(entry: AuditEntry) => AuditEntry>(
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
    fc.assert(
      fc.property(position, change, (at, alter) => {
        const tampered = WHOLE.map((entry, index) => (index === at ? alter(entry) : entry))
        expect(firstBroken(tampered)).toBe(at + 1)
      }),
      { numRuns: RUNS / 4 },
    )
  })

  it('shows a change at the changed entry even if the entry was given a new hash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LENGTH - 2 }), (at) => {
        const before: ChainHead = WHOLE[at - 1] ?? CHAIN_START
        const forged = linkEntry(before, auditDraft({ message: 'forged' }))
        const tampered = WHOLE.map((entry, index) => (index === at ? forged : entry))
        expect(firstBroken(tampered)).toBe(at + 2)
      }),
      { numRuns: RUNS / 4 },
    )
  })

  it('shows where entries were removed, added or exchanged', () => {
    fc.assert(
      fc.property(position, position, fc.constantFrom('remove', 'repeat', 'exchange'), (one, two, what) => {
        const tampered = [...WHOLE]
        if (what === 'remove') {
          tampered.splice(one, 1)
          // The end can only be missed by somebody who knows how long the chain was.
          expect(firstBroken(tampered)).toBe(one === LENGTH - 1 ? undefined : one + 1)
          return
        }
        if (what === 'repeat') {
          tampered.splice(one, 0, ...WHOLE.slice(two, two + 1))
          expect(firstBroken(tampered)).toBe(one === two ? one + 2 : one + 1)
          return
        }
        const [a, b] = [WHOLE[one], WHOLE[two]]
        if (!a || !b) throw new Error('positions are within the chain')
        tampered[one] = b
        tampered[two] = a
        expect(firstBroken(tampered)).toBe(one === two ? undefined : Math.min(one, two) + 1)
      }),
      { numRuns: RUNS / 2 },
    )
  })
})
