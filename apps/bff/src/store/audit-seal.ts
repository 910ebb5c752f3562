import type { Kysely } from 'kysely'
import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditDraft } from '../audit/audit-log.ts'
import { Checkpoint } from '../audit/checkpoint.ts'
import { blockOf } from '../audit/entry-set.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { readDocument, writeDocument } from './named-document.ts'
import type { Schema } from './schema.ts'

const SEAL = 'audit-seal'

/** Entries removed in one transaction, so that writers do not wait for long. */
export const SEAL_ENTRIES_MAX = 20_000

/** Where the chain begins after the retention removed what was before. */
export interface AuditSealStore {
  read(): Promise<Checkpoint | undefined>
  /** Id of the first entry that is not older than `at`; undefined when all are older. */
  firstNotOlder(at: string): Promise<number | undefined>
  hashOf(id: number): Promise<string | undefined>
  /**
   * Removes every entry up to the sealed one and appends what tells of it, in one transaction.
   * @returns false when the chain is not at this place as it was sealed
   */
  remove(seal: Checkpoint, draft: AuditDraft): Promise<boolean>
}

interface AuditSealOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
}

export function createAuditSealStore({ database, audit, onAudit }: AuditSealOptions): AuditSealStore {
  const { db } = database
  const hashOf = async (from: Kysely<Schema>, id: number): Promise<string | undefined> =>
    (await from.selectFrom('audit_entry').select('hash').where('id', '=', id).executeTakeFirst())?.hash

  return {
    read: () => readSeal(db),
    hashOf: (id) => hashOf(db, id),
    async firstNotOlder(at) {
      const [entry] = await audit.oldest({ from: at }, 1, 0)
      return entry?.id
    },
    async remove(seal, draft) {
      const entries = await database.write(async (transaction) => {
        await database.lockAuditChain(transaction)
        if ((await hashOf(transaction, seal.id)) !== seal.hash) return undefined
        await transaction.deleteFrom('audit_entry').where('id', '<=', seal.id).execute()
        const firstKept = blockOf(seal.id + 1)
        await transaction.deleteFrom('audit_block').where('block', '<', firstKept).execute()
        await transaction.deleteFrom('audit_term').where('block', '<', firstKept).execute()
        await writeDocument(transaction, SEAL, seal, seal.at)
        return audit.appendWithin(transaction, [draft])
      })
      if (entries) onAudit(entries)
      return entries !== undefined
    },
  }
}

/** The seal in force. @throws Error where the stored seal cannot be read */
export async function readSeal(db: Kysely<Schema>): Promise<Checkpoint | undefined> {
  const stored = await readDocument(db, SEAL)
  if (stored === undefined) return undefined
  const seal = Checkpoint.safeParse(stored)
  if (!seal.success)
    throw new Error('The seal of the audit in the database is no checkpoint: it was changed.')
  return seal.data
}
