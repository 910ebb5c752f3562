import { GuestOsEdit, type AuditEntry } from '@coreshift/shared/contract'
import { z } from 'zod'
import { Failure } from '../failure.ts'
import type { GuestOsEditStore } from '../guest-os/guest-os-desk.ts'
import type { AuditRepository } from './audit-repository.ts'
import type { Database } from './database.ts'
import { readDocument, writeDocument } from './named-document.ts'

const DOCUMENT_NAME = 'guest-os-edits'

const StoredEdits = z.object({ edits: z.array(GuestOsEdit), rev: z.int() })

interface GuestOsRepositoryOptions {
  readonly database: Database
  readonly audit: AuditRepository
  /** Told after the transaction is durable. */
  readonly onAudit: (entries: readonly AuditEntry[]) => void
  /** ISO instant of now. */
  readonly now: () => string
}

/** Edits of the guest OS matrix as one document: they are few and always read together. */
export function createGuestOsRepository(options: GuestOsRepositoryOptions): GuestOsEditStore {
  const { database, audit, onAudit, now } = options

  async function read(db: Database['db']): Promise<z.infer<typeof StoredEdits>> {
    const stored = await readDocument(db, DOCUMENT_NAME)
    return stored === undefined ? { edits: [], rev: 0 } : StoredEdits.parse(stored)
  }

  return {
    read: () => read(database.db),
    async write(edits, rev, drafts) {
      const entries = await database.write(async (transaction) => {
        // The chain's lock is taken first, so that of two processes the second sees what the first wrote.
        await database.lockAuditChain(transaction)
        if ((await read(transaction)).rev !== rev - 1) {
          throw new Failure('stale-revision', 'The matrix was changed since it was read; look at it again.')
        }
        await writeDocument(transaction, DOCUMENT_NAME, { edits, rev }, now())
        return audit.appendWithin(transaction, drafts)
      })
      onAudit(entries)
    },
  }
}
