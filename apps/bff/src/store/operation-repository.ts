import { z } from 'zod'
import { isOpen } from '@coreshift/shared'
import { Operation, type AuditEntry } from '@coreshift/shared/contract'
import type { EngineMemory, OperationRecord } from '../resize/operation-record.ts'
import type { OperationStore } from '../resize/operation-store.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'

/** A newer state of the operation is stored already: what was to be written was decided on a stale one. */
export class StaleOperationError extends Error {
  override readonly name = 'StaleOperationError'
}

/** What the engine remembers is opaque here: only the engine writes it, through `commit`, and only the engine reads it. */
const StoredOperation = Operation.extend({
  seq: z.int(),
  memory: z.custom<EngineMemory>((value) => typeof value === 'object' && value !== null),
})

export interface OperationRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

/** Operations as JSON documents with the few columns that are searched for. */
export function createOperationRepository(options: OperationRepositoryOptions): OperationStore {
  const { database, audit, onAudit } = options
  const { db } = database

  return {
    async commit(operation, drafts) {
      const entries = await database.write(async (transaction) => {
        const row = {
          id: operation.id,
          vm: operation.vm,
          host: operation.host,
          state: operation.state,
          is_open: isOpen(operation.state) ? 1 : 0,
          created_at: operation.createdAt,
          finished_at: operation.finishedAt ?? null,
          seq: operation.seq,
          body: JSON.stringify(operation),
        }
        const { id, ...changes } = row
        const stored = await transaction
          .insertInto('operation')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(changes).where('operation.seq', '<', operation.seq),
          )
          .executeTakeFirst()
        if ((stored.numInsertedOrUpdatedRows ?? 0n) === 0n) {
          throw new StaleOperationError(
            `operation ${id} is stored with revision ${operation.seq} or later; the change was not written`,
          )
        }
        return audit.appendWithin(transaction, drafts)
      })
      onAudit(entries)
    },
    async loadOpen() {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('is_open', '=', 1)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map((row) => parseRecord(row.body))
    },
    async get(id) {
      const row = await db.selectFrom('operation').select('body').where('id', '=', id).executeTakeFirst()
      return row && parseRecord(row.body)
    },
    async listForVm(vmUuid, limit) {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('vm', '=', vmUuid)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => parseRecord(row.body))
    },
    async listEnded(limit) {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('is_open', '=', 0)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => parseRecord(row.body))
    },
  }
}

function parseRecord(body: string): OperationRecord {
  return StoredOperation.parse(JSON.parse(body))
}
