import type { AuditEntry } from '@coreshift/shared/contract'
import type { HookLedger } from '../hooks/resize-hooks.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database, WriteTransaction } from './database.ts'

interface HookLedgerOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createHookLedger({ database, audit, onAudit }: HookLedgerOptions): HookLedger {
  const { db } = database
  return {
    async due() {
      const rows = await db.selectFrom('hook_due').select('operation').orderBy('since').execute()
      return rows.map((row) => row.operation)
    },
    async isDue(operationId) {
      const row = await db
        .selectFrom('hook_due')
        .select('operation')
        .where('operation', '=', operationId)
        .executeTakeFirst()
      return row !== undefined
    },
    async done(operationId, drafts) {
      const entries = await database.write(async (transaction) => {
        await transaction.deleteFrom('hook_due').where('operation', '=', operationId).execute()
        return audit.appendWithin(transaction, drafts)
      })
      onAudit(entries)
    },
  }
}

/** Written in the transaction that ends the operation. */
export async function noteHooksDue(
  transaction: WriteTransaction,
  operation: string,
  since: string,
): Promise<void> {
  await transaction
    .insertInto('hook_due')
    .values({ operation, since })
    .onConflict((conflict) => conflict.column('operation').doNothing())
    .execute()
}
