import type { KeyObject } from 'node:crypto'
import type { Settings } from '@coreshift/shared/contract'
import type { AuditRepository } from '../store/audit-repository.ts'
import { SEAL_ENTRIES_MAX, type AuditSealStore } from '../store/audit-seal.ts'
import { signCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { ChainStart } from './chain-start.ts'
import { verifyChain } from './verify-chain.ts'

const DAY_MS = 86_400_000

interface AuditRetention {
  /**
   * Removes what the settings no longer keep. Only what verifies is removed: a changed entry has to stay to be seen.
   * @returns how many entries were removed
   * @throws Error that names the first entry that does not verify
   */
  run(): Promise<number>
}

interface AuditRetentionOptions {
  readonly entries: AuditRepository
  readonly seals: AuditSealStore
  readonly start: ChainStart
  readonly privateKey: KeyObject
  readonly settings: () => Pick<Settings, 'auditRetentionDays' | 'auditRetentionEntries'>
  /** Epoch ms. */
  readonly now: () => number
  /** Given every seal: an export of the rest is verified from it. */
  readonly onSeal: (seal: Checkpoint) => void
}

export function createAuditRetention(options: AuditRetentionOptions): AuditRetention {
  const { entries, seals, start, privateKey, settings, now, onSeal } = options

  /** Id of the last entry that is kept no longer. */
  async function lastToRemove(): Promise<number> {
    const { auditRetentionDays: days, auditRetentionEntries: count } = settings()
    const end = (await entries.head()).id
    const byAge =
      days === undefined
        ? 0
        : ((await seals.firstNotOlder(new Date(now() - days * DAY_MS).toISOString())) ?? end) - 1
    const byCount = count === undefined ? 0 : end - count
    // The newest entry stays, so that the chain goes on from it.
    return Math.min(Math.max(byAge, byCount), end - 1)
  }

  async function removeSome(last: number): Promise<number> {
    const began = await start()
    const upTo = Math.min(last, began.id + SEAL_ENTRIES_MAX)
    if (upTo <= began.id) return 0
    const verified = await verifyChain(entries, start, upTo)
    if (!verified.ok) {
      throw new Error(`Nothing was removed from the audit, because it does not verify: ${verified.reason}`)
    }
    const hash = await seals.hashOf(upTo)
    if (hash === undefined) throw new Error(`Entry ${upTo} of the audit vanished while it was being sealed.`)
    const at = new Date(now()).toISOString()
    const seal = signCheckpoint(privateKey, { id: upTo, hash }, at, true)
    const { auditRetentionDays: days, auditRetentionEntries: count } = settings()
    const removed = await seals.remove(seal, {
      at,
      actor: { kind: 'system', name: 'retention' },
      action: 'audit.sealed',
      outcome: 'done',
      message: `Entries ${began.id + 1} to ${upTo} of the audit were removed as the settings ask; the rest verifies from their seal.`,
      detail: { from: began.id + 1, to: upTo, hash, days, entries: count },
    })
    if (!removed) return 0
    onSeal(seal)
    return upTo - began.id
  }

  return {
    async run() {
      const last = await lastToRemove()
      let removed = 0
      for (;;) {
        const some = await removeSome(last)
        removed += some
        if (some < SEAL_ENTRIES_MAX) return removed
      }
    },
  }
}
