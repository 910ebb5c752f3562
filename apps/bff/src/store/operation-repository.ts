import { z } from 'zod'
import { isOpen } from '@coreshift/shared'
import { Operation, type AuditEntry } from '@coreshift/shared/contract'
import type { EngineMemory, OperationRecord } from '../resize/operation-record.ts'
import type { OperationChange, OperationStore } from '../resize/operation-store.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database, WriteTransaction } from './database.ts'
import { noteHooksDue } from './hook-ledger.ts'
import { prepareInsert } from './prepared-insert.ts'
import type { OperationRow } from './schema.ts'

/** A newer state of the operation is stored already: what was to be written was decided on a stale one. */
export class StaleOperationError extends Error {
  override readonly name = 'StaleOperationError'
}

/** What the engine remembers is opaque here: only the engine writes it, through `commit`, and only the engine reads it. */
const StoredOperation = Operation.extend({
  seq: z.int(),
  memory: z.custom<EngineMemory>((value) => typeof value === 'object' && value !== null),
})

interface OperationRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
  /** Whether the end of an operation is noted for its `after-resize` hooks; default no. */
  readonly noteEnds?: boolean
}

/** Operations as JSON documents with the few columns that are searched for. */
export function createOperationRepository(options: OperationRepositoryOptions): OperationStore {
  const { database, audit, onAudit, noteEnds = false } = options
  const { db } = database

  /** Leaves the row as it is where it has the same revision or a later one. */
  const insertOrUpdate = prepareInsert((row: OperationRow) =>
    db
      .insertInto('operation')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) => ({
            vm: ref('excluded.vm'),
            host: ref('excluded.host'),
            state: ref('excluded.state'),
            is_open: ref('excluded.is_open'),
            created_at: ref('excluded.created_at'),
            finished_at: ref('excluded.finished_at'),
            seq: ref('excluded.seq'),
            body: ref('excluded.body'),
          }))
          .whereRef('operation.seq', '<', 'excluded.seq'),
      ),
  )

  async function write(transaction: WriteTransaction, record: OperationRecord): Promise<void> {
    const row = {
      id: record.id,
      vm: record.vm,
      host: record.host,
      state: record.state,
      is_open: isOpen(record.state) ? 1 : 0,
      created_at: record.createdAt,
      finished_at: record.finishedAt ?? null,
      seq: record.seq,
      body: JSON.stringify(record),
    }
    if ((await insertOrUpdate(transaction, row)) === 0n) {
      throw new StaleOperationError(
        `operation ${record.id} is stored with revision ${record.seq} or later; the change was not written`,
      )
    }
  }

  async function commit(changes: readonly OperationChange[]): Promise<void> {
    const entries = await database.write(async (transaction) => {
      for (const { record, audit: drafts } of changes) {
        await write(transaction, record)
        // Exactly the commit that ends an operation has its closing entry (R6).
        const ends = drafts.some((draft) => draft.action === 'resize.finished')
        if (noteEnds && ends) await noteHooksDue(transaction, record.id, record.finishedAt ?? '')
      }
      return audit.appendWithin(
        transaction,
        changes.flatMap((change) => change.audit),
      )
    })
    onAudit(entries)
  }

  return {
    commit: (record, drafts) => commit([{ record, audit: drafts }]),
    replace: (closed, opened) => commit([closed, opened]),
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
    async listForVm(vmUuid, { limit, before }) {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('vm', '=', vmUuid)
        .$if(before !== undefined, (query) =>
          query.where((where) =>
            where(
              where.refTuple('created_at', 'id'),
              '<',
              where.tuple(before?.createdAt ?? '', before?.id ?? ''),
            ),
          ),
        )
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
