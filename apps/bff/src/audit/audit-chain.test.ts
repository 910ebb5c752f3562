import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '@coreshift/shared/contract'
import { anyAlteration, linkedEntries } from '../../test/audit-chains.ts'
import { auditDraft } from '../../test/examples.ts'
import { CHAIN_START, linkEntry, linkProblem, type ChainHead } from './audit-chain.ts'

const LENGTH = 30

/** Position of the first entry that does not fit, `undefined` when all do. */
function firstBroken(entries: readonly AuditEntry[]): number | undefined {
  let head: ChainHead = CHAIN_START
  for (const entry of entries) {
    if (linkProblem(head, entry) !== undefined) return head.id + 1
    head = entry
  }
  return undefined
}

const WHOLE = linkedEntries(LENGTH)
const position = fc.integer({ min: 0, max: LENGTH - 1 })
const RUNS = 10_000

describe('the chain', () => {
  it('fits as it was made', () => {
    expect(firstBroken(WHOLE)).toBeUndefined()
    expect(WHOLE.map(({ id }) => id)).toEqual(WHOLE.map((_, index) => index + 1))
  })

  it('shows every change of any member at the changed entry', () => {
    fc.assert(
      fc.property(position, anyAlteration, (at, alter) => {
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
