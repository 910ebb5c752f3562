import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEntry, AuditVerification } from '@coreshift/shared/contract'
import { anyAlteration, linkedEntries } from '../../test/audit-chains.ts'
import { testDatabase } from '../../test/databases.ts'
import { auditDraft } from '../../test/examples.ts'
import { createAuditRepository } from '../store/audit-repository.ts'
import { createAuditSealStore } from '../store/audit-seal.ts'
import { toRow } from '../store/audit-row.ts'
import { CHAIN_START, linkEntry, linkProblem, type ChainHead } from './audit-chain.ts'
import { canonicalJson } from './canonical-json.ts'
import { wholeChain } from './chain-start.ts'
import { signCheckpoint, type Checkpoint } from './checkpoint.ts'
import { compareCheckpoints } from './compare-checkpoints.ts'
import { verifyChain } from './verify-chain.ts'
import { verifyExport } from './verify-export.ts'

const LENGTH = 12
const CHECKPOINT_EVERY = 4
const RUNS = 10_000
/** Through the whole of an export, and of the database: they read more than the chain, and take longer. */
const EXPORT_RUNS = 500
const DATABASE_RUNS = 500

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const WHOLE: readonly AuditEntry[] = linkedEntries(LENGTH)
const CHECKPOINTS: readonly Checkpoint[] = WHOLE.filter(({ id }) => id % CHECKPOINT_EVERY === 0).map(
  (entry) => signCheckpoint(privateKey, entry, '2026-03-01T10:00:00.000Z'),
)

/** A way to tamper with the chain, and the id of the first entry that is bad afterwards. */
interface Tampering {
  readonly what: string
  readonly entries: readonly AuditEntry[]
  readonly firstBad: number
}

const position = fc.integer({ min: 0, max: LENGTH - 1 })
/** The entries behind `head` with their own members, linked anew. */
function relinked(head: ChainHead, entries: readonly AuditEntry[]): AuditEntry[] {
  let last = head
  return entries.map((entry) => {
    const linked = linkEntry(last, entry)
    last = linked
    return linked
  })
}
const headBefore = (index: number): ChainHead => WHOLE[index - 1] ?? CHAIN_START
const renumbered = (entries: readonly AuditEntry[]): AuditEntry[] =>
  entries.map((entry, index) => ({ ...entry, id: index + 1 }))

const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  fc.tuple(position, anyAlteration).map(([at, alter]) => ({
    what: 'changed',
    entries: WHOLE.map((entry, index) => (index === at ? alter(entry) : entry)),
    firstBad: at + 1,
  })),
  fc.tuple(position, fc.boolean()).map(([at, renumber]) => {
    const entries = WHOLE.toSpliced(at, 1)
    return { what: 'removed', entries: renumber ? renumbered(entries) : entries, firstBad: at + 1 }
  }),
  fc
    .tuple(position, position)
    .filter(([one, two]) => one < two)
    .map(([one, two]) => {
      const entries = [...WHOLE]
      const [a, b] = [WHOLE[one], WHOLE[two]]
      if (!a || !b) throw new Error('positions are within the chain')
      entries[one] = b
      entries[two] = a
      return { what: 'reordered', entries: renumbered(entries), firstBad: one + 1 }
    }),
  fc.tuple(position, position).map(([at, copied]) => ({
    what: 'added',
    entries: renumbered(WHOLE.toSpliced(at, 0, ...WHOLE.slice(copied, copied + 1))),
    // A copy of the entry that stands there already fits; the original behind it does not.
    firstBad: at === copied ? at + 2 : at + 1,
  })),
  position.map((length) => ({ what: 'truncated', entries: WHOLE.slice(0, length), firstBad: length + 1 })),
  // Somebody who knows how hashes are made computes all that follow anew: only what was signed tells.
  fc.tuple(position, anyAlteration).map(([at, alter]) => ({
    what: 'computed anew',
    entries: [
      ...WHOLE.slice(0, at),
      ...relinked(
        headBefore(at),
        WHOLE.slice(at).map((entry, index) => (index === 0 ? alter(entry) : entry)),
      ),
    ],
    firstBad: Math.floor(at / CHECKPOINT_EVERY) * CHECKPOINT_EVERY + 1,
  })),
)

function exported(entries: readonly AuditEntry[]): Promise<AuditVerification> {
  async function* lines(): AsyncGenerator<string> {
    for (const entry of entries) yield canonicalJson(entry)
  }
  return verifyExport({ entries: lines(), checkpoints: CHECKPOINTS, publicKeys: [publicKey] })
}

/** An anyAlteration may leave the entry as it was (a hash that is no member, an outcome that is the same). */
const isUnchanged = ({ entries }: Tampering): boolean => canonicalJson(entries) === canonicalJson(WHOLE)

/** Chain and checkpoints alone, without a file or a database around them. */
async function chained(entries: readonly AuditEntry[]): Promise<AuditVerification> {
  let head: ChainHead = CHAIN_START
  for (const entry of entries) {
    const reason = linkProblem(head, entry)
    if (reason !== undefined) return { ok: false, verifiedUpTo: head.id, firstBroken: head.id + 1, reason }
    head = entry
  }
  const hashOf = (id: number) => Promise.resolve(entries[id - 1]?.hash)
  return compareCheckpoints({ start: 0, end: head.id, hashOf }, CHECKPOINTS, [publicKey])
}

describe('tampering with the audit', () => {
  it('is found by chain and checkpoints together, and the first bad entry is named', async () => {
    expect(await chained(WHOLE)).toEqual({ ok: true, verifiedUpTo: LENGTH })
    await fc.assert(
      fc.asyncProperty(tampering, async (tampered) => {
        fc.pre(!isUnchanged(tampered))
        expect(await chained(tampered.entries), tampered.what).toMatchObject({
          ok: false,
          firstBroken: tampered.firstBad,
        })
      }),
      { numRuns: RUNS },
    )
  })

  it('is found in an export with its checkpoints, and the first bad entry is named', async () => {
    expect(await exported(WHOLE)).toEqual({ ok: true, verifiedUpTo: LENGTH })
    await fc.assert(
      fc.asyncProperty(tampering, async (tampered) => {
        fc.pre(!isUnchanged(tampered))
        expect(await exported(tampered.entries), tampered.what).toMatchObject({
          ok: false,
          firstBroken: tampered.firstBad,
        })
      }),
      { numRuns: EXPORT_RUNS },
    )
  })

  it('is found in the database with its checkpoints, and the first bad entry is named', async () => {
    await using test = await testDatabase('sqlite')
    const { db } = test.database
    const audit = createAuditRepository(test.database)
    const seals = createAuditSealStore({ database: test.database, audit, onAudit: () => undefined })
    await fc.assert(
      fc.asyncProperty(tampering, async (tampered) => {
        fc.pre(!isUnchanged(tampered))
        await db.deleteFrom('audit_entry').execute()
        if (tampered.entries.length > 0) {
          await db.insertInto('audit_entry').values(tampered.entries.map(toRow)).execute()
        }
        const inItself = await verifyChain(audit, wholeChain)
        const verification = inItself.ok
          ? await compareCheckpoints(
              { start: 0, end: inItself.verifiedUpTo, hashOf: seals.hashOf },
              CHECKPOINTS,
              [publicKey],
            )
          : inItself
        expect(verification, tampered.what).toMatchObject({ ok: false, firstBroken: tampered.firstBad })
      }),
      { numRuns: DATABASE_RUNS },
    )
  })

  it('does not pass for another member by moving bytes from one column into the next', async () => {
    await using test = await testDatabase('sqlite')
    const audit = createAuditRepository(test.database)
    await audit.append([auditDraft({ durationMs: 5, detail: { a: 1 } })])
    await test.database.db
      .updateTable('audit_entry')
      .set({ duration_ms: null, detail: '{"a":1},"durationMs":5' })
      .execute()
    expect(await verifyChain(audit, wholeChain)).toMatchObject({ ok: false, firstBroken: 1 })
  })
})
