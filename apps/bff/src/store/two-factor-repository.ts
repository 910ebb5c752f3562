import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database, WriteTransaction } from './database.ts'

interface StoredTwoFactor {
  /** Sealed key of the authenticator. */
  readonly secret: string
  /** Time step of the newest code that was taken. */
  readonly lastStep: number
}

/** Authenticators and recovery codes of accounts. */
export interface TwoFactorRepository {
  /** Also one that was not confirmed yet. */
  find(userId: string): Promise<StoredTwoFactor | undefined>
  /** Recovery codes that were not used. */
  codesLeft(userId: string): Promise<number>
  /** Stores a key that counts once it is confirmed; replaces one that never was. */
  prepare(userId: string, secret: string, at: string): Promise<void>
  /** From now on a code is asked for. @returns false when another request confirmed, or took the code, first */
  confirm(userId: string, step: number, codeHashes: readonly string[], audit: AuditDraft): Promise<boolean>
  /** Uses a code up. @returns false when it, or a later one, was used before */
  takeStep(userId: string, step: number): Promise<boolean>
  /** Uses a recovery code up. @returns false when there is no such code (any more); then nothing is audited */
  takeRecoveryCode(userId: string, codeHash: string, audit: AuditDraft): Promise<boolean>
  replaceCodes(userId: string, codeHashes: readonly string[], audit: AuditDraft): Promise<void>
  /** @returns false when there was none; then nothing is audited */
  remove(userId: string, audit: AuditDraft): Promise<boolean>
}

interface TwoFactorRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createTwoFactorRepository(options: TwoFactorRepositoryOptions): TwoFactorRepository {
  const { database, audit, onAudit } = options
  const { db } = database

  /** One transaction of a change and its entry; `work` says whether there was something to change. */
  async function audited(
    draft: AuditDraft,
    work: (transaction: WriteTransaction) => Promise<boolean>,
  ): Promise<boolean> {
    const entries = await database.write(async (transaction) =>
      (await work(transaction)) ? audit.appendWithin(transaction, [draft]) : undefined,
    )
    if (entries) onAudit(entries)
    return entries !== undefined
  }

  async function setCodes(
    transaction: WriteTransaction,
    userId: string,
    hashes: readonly string[],
  ): Promise<void> {
    await transaction.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
    if (hashes.length === 0) return
    await transaction
      .insertInto('recovery_code')
      .values(hashes.map((hash) => ({ user_id: userId, code_hash: hash })))
      .execute()
  }

  const raiseStep = async (from: typeof db, userId: string, step: number): Promise<boolean> => {
    const { numUpdatedRows } = await from
      .updateTable('two_factor')
      .set({ last_step: step })
      .where('user_id', '=', userId)
      .where('last_step', '<', step)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  const setFlag = async (transaction: WriteTransaction, userId: string, on: boolean): Promise<boolean> => {
    const { numUpdatedRows } = await transaction
      .updateTable('auth_user')
      .set({ twoFactor: database.flag(on) })
      .where('id', '=', userId)
      .where('twoFactor', '=', database.flag(!on))
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  return {
    async find(userId) {
      const row = await db
        .selectFrom('two_factor')
        .select(['secret', 'last_step'])
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row && { secret: row.secret, lastStep: row.last_step }
    },
    async codesLeft(userId) {
      const { total } = await db
        .selectFrom('recovery_code')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow()
      return total
    },
    async prepare(userId, secret, at) {
      const values = { secret, last_step: 0, created_at: at }
      await db
        .insertInto('two_factor')
        .values({ user_id: userId, ...values })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
        .execute()
    },
    confirm: (userId, step, codeHashes, draft) =>
      audited(draft, async (transaction) => {
        // In this order, because what was done before a `false` stays: a code that was used up harms nobody.
        if (!(await raiseStep(transaction, userId, step))) return false
        if (!(await setFlag(transaction, userId, true))) return false
        await setCodes(transaction, userId, codeHashes)
        return true
      }),
    takeStep: (userId, step) => raiseStep(db, userId, step),
    takeRecoveryCode: (userId, codeHash, draft) =>
      audited(draft, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('recovery_code')
          .where('user_id', '=', userId)
          .where('code_hash', '=', codeHash)
          .executeTakeFirstOrThrow()
        return numDeletedRows === 1n
      }),
    async replaceCodes(userId, codeHashes, draft) {
      await audited(draft, async (transaction) => {
        await setCodes(transaction, userId, codeHashes)
        return true
      })
    },
    remove: (userId, draft) =>
      audited(draft, async (transaction) => {
        await setCodes(transaction, userId, [])
        await transaction.deleteFrom('two_factor').where('user_id', '=', userId).execute()
        return setFlag(transaction, userId, false)
      }),
  }
}
